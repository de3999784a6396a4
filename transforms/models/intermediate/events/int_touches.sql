-- grain: one row per visit and per order: what brought the visitor
with

    events as (select * from {{ ref("int_events_unioned") }} where session_id is not null),

    orders as (select * from {{ ref("int_orders_unioned") }} where landing_site is not null),

    visits as (
        select
            'visit:' || session_id as touch_key,
            source,
            medium,
            campaign,
            {{ site_name("referring_domain") }} as referring_site,
            occurred_at as touched_at
        from events
        qualify row_number() over (partition by session_id order by occurred_at, event_key) = 1
    ),

    order_landings as (
        select
            'order:' || order_key as touch_key,
            lower({{ url_parameter("landing_site", "utm_source") }}) as source,
            lower({{ url_parameter("landing_site", "utm_medium") }}) as medium,
            {{ url_parameter("landing_site", "utm_campaign") }} as campaign,
            {{ site_name("referring_site") }} as referring_site,
            ordered_at as touched_at
        from orders
    ),

    unioned as (
        select *
        from visits
        union all
        select *
        from order_landings
    )

select *
from unioned
