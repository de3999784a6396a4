-- grain: one row per visit and per order: what brought the visitor
with

    events as (select * from {{ ref("int_events_unioned") }}),

    orders as (select * from {{ ref("int_orders_unioned") }}),

    final as ({{ touches("events", "orders") }})

select *
from final
