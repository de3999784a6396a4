-- once a product was counted in a location, no day of it is missing
select product_key, location_id
from {{ ref("inventory_daily") }}
group by 1, 2
having count(*) != {{ as_of_date() }} - min(date) + 1
