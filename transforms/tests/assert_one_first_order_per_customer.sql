-- whoever ordered has exactly one first order
select master_customer_id
from {{ ref("fct_orders") }}
group by 1
having count(*) filter (where is_first_order) != 1
