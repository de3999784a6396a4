-- what the models explain is the revenue that finance reads, to the cent
select sales.date, sales.revenue
from {{ ref("sales_daily") }} as sales
full join {{ ref("mmm_input_meridian") }} as meridian on meridian.time = sales.date
full join {{ ref("mmm_input_robyn") }} as robyn on robyn."DATE" = sales.date
where
    robyn.revenue is distinct from sales.revenue
    or round(meridian.conversions * meridian.revenue_per_conversion, 2)
    is distinct from cast(sales.revenue as double)
