select
    customer_id,
    email,
    country,
    device,
    7.5::double as "60_day_LTV"
from {{ ref("stg_customers") }}
