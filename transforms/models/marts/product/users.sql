-- grain: one row per browser and customer who logged in on it
{{ fed_by(["measure_js"]) }}
with users as (select * from {{ ref("users_incremental") }})
select *
from users
