select
    order_id,
    customer_id,
    amount::decimal(18, 2) as order_total,
    ordered_at,
    _airbyte_extracted_at as loaded_at
from {{ source("shop", "orders") }}
{% if var("broken") == "rows" %}
union all
select 1, 99, 5.00, timestamptz '2026-03-01 10:00+00', timestamptz '2026-03-01 11:00+00'
{% endif %}
