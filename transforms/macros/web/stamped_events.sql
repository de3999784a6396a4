{#-
    The events of which the marts speak: orders that are valid, and of what was tracked all but
    purchases, since the shop's own record of an order counts and not the page that reports it.
-#}
{% macro events_that_count(events) -%}
    select *
    from {{ events }}
    where
        (stream = 'posthog' and event_name != 'purchase')
        or order_key in (select order_key from {{ ref("fct_orders") }})
{%- endmacro %}

{#-
    Events that count, of those in `events`, with the customer, the channel and the amount that
    they have today.
-#}
{% macro stamped_events(events) -%}
    with

        counting as not materialized({{ events_that_count(events) }}),

        identity_map as not materialized(select * from {{ ref("int_customer_identity_map") }}),

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
            from counting as events
            left join
                identity_map as by_distinct_id
                on by_distinct_id.identifier_key = 'posthog_distinct_id:' || events.distinct_id
            left join
                identity_map as by_device
                on by_device.identifier_key = 'posthog_distinct_id:' || events.device_id
            left join touches on touches.touch_key = 'visit:' || events.session_id
            where events.stream = 'posthog'
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
            from counting as events
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
{%- endmacro %}

{#- To whom each identifier of PostHog leads, for `consumed`. -#}
{% macro people_of_identifiers() -%}
    select
        hash(substr(identifier_key, {{ "posthog_distinct_id:" | length + 1 }})) as key_hash,
        hash(master_customer_id) as fingerprint
    from {{ ref("int_customer_identity_map") }}
    where starts_with(identifier_key, 'posthog_distinct_id:')
{%- endmacro %}

{#- What brought each visit, for `consumed`. -#}
{% macro origins_of_visits() -%}
    select
        hash(substr(touch_key, {{ "visit:" | length + 1 }})) as key_hash,
        hash(channel, source, medium, campaign) as fingerprint
    from {{ ref("int_touch_channels") }}
    where starts_with(touch_key, 'visit:')
{%- endmacro %}

{#- What an order says of its events, for `consumed`. -#}
{% macro stamps_of_orders() -%}
    select
        hash(orders.order_key) as key_hash,
        hash(
            orders.master_customer_id,
            orders.gross_sales,
            orders.discount_amount,
            channels.session_id,
            channels.channel,
            channels.source,
            channels.medium,
            channels.campaign
        ) as fingerprint
    from {{ ref("fct_orders") }} as orders
    left join {{ ref("int_order_channels") }} as channels using (order_key)
{%- endmacro %}
