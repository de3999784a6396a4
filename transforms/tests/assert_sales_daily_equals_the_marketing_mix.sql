-- finance and marketing read the same revenue of every day
select sales.date, sales.revenue, mix.revenue as mix_revenue
from {{ ref("sales_daily") }} as sales
full join {{ ref("fct_marketing_mix_daily") }} as mix using (date)
where
    sales.revenue is distinct from mix.revenue
    or sales.net_revenue is distinct from mix.net_revenue
    or sales.orders is distinct from mix.orders
