select customer_id, email, country, device
from {{ source("shop", "customers") }}
