-- no product of a better class sells less than one of a worse class
select abc_class
from {{ ref("product_performance") }}
where abc_class is not null
group by 1
qualify min(net_sales) < lead(max(net_sales)) over (order by abc_class)
