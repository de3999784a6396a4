-- no sale falls between the categories
select categories.month_start_date
from {{ ref("product_category_performance") }} as categories
inner join {{ ref("sales_monthly") }} as months using (month_start_date)
group by 1
having sum(categories.net_sales) != any_value(months.net_revenue)
