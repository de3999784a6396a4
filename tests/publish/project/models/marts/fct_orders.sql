select
    order_id,
    customer_id,
    order_total,
    {% if var("broken") == "model" %} cast('x' as integer) {% else %} 'paid' {% endif %} as status,
    ordered_at::date as order_date,
    ordered_at,
    loaded_at
from {{ ref("stg_orders") }}
{% if var("broken") == "rows" %}
union all
select 1, 99, 5.00, 'paid', date '2026-03-01', timestamptz '2026-03-01 10:00+00', now()
{% endif %}
