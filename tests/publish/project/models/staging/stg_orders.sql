select
    order_id,
    customer_id,
    amount::decimal(18, 2) as order_total,
    ordered_at,
    _airbyte_extracted_at as loaded_at
from {{ source("shop", "orders") }}
