select
    order_id,
    customer_id,
    order_total,
    {% if var("broken") == "model" %} cast('x' as integer) {% else %} 'paid' {% endif %} as status,
    ordered_at::date as order_date,
    ordered_at,
    loaded_at
from {{ ref("stg_orders") }}
