-- grain: one row per event that counts, with the customer, the channel and the amount it has today
with

    events as (select * from {{ ref("int_events_unioned") }}),

    identity_map as (select * from {{ ref("int_customer_identity_map") }}),

    orders as (select * from {{ ref("fct_orders") }}),

    order_channels as (select * from {{ ref("int_order_channels") }}),

    touches as (select * from {{ ref("int_touch_channels") }}),

    tracked as (
        select
            events.event_key,
            coalesce(
                by_distinct_id.master_customer_id, by_device.master_customer_id
            ) as master_customer_id,
            events.session_id,
            cast(null as varchar) as order_key,
            events.source_system,
            events.event_type,
            touches.channel,
            touches.source,
            touches.medium,
            touches.campaign,
            events.url,
            events.sku,
            cast(null as decimal(18, 2)) as amount,
            events.occurred_at,
            events.loaded_at
        from events
        left join
            identity_map as by_distinct_id
            on by_distinct_id.identifier_key = 'posthog_distinct_id:' || events.distinct_id
        left join
            identity_map as by_device
            on by_device.identifier_key = 'posthog_distinct_id:' || events.device_id
        left join touches on touches.touch_key = 'visit:' || events.session_id
        where
            events.stream = 'posthog'
            -- the shop's own record of an order counts, not the page that reports it
            and events.event_name != 'purchase'
    ),

    ordered as (
        select
            events.event_key,
            orders.master_customer_id,
            order_channels.session_id,
            events.order_key,
            events.source_system,
            events.event_type,
            order_channels.channel,
            order_channels.source,
            order_channels.medium,
            order_channels.campaign,
            cast(null as varchar) as url,
            cast(null as varchar) as sku,
            case
                when events.event_type = 'purchase'
                then cast(orders.gross_sales - orders.discount_amount as decimal(18, 2))
            end as amount,
            events.occurred_at,
            events.loaded_at
        from events
        inner join orders using (order_key)
        left join order_channels using (order_key)
        where events.stream != 'posthog'
    ),

    unioned as (
        select *
        from tracked
        union all
        select *
        from ordered
    )

select
    * exclude (sku, amount, occurred_at, loaded_at),
    'sku:' || upper(sku) as product_key,
    sku,
    amount,
    occurred_at,
    loaded_at
from unioned
