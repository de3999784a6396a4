{#-
    What brought each visit, and each order for which the shop stored it. `events` holds all
    events of the visits that it holds, `orders` any orders.
-#}
{% macro touches(events, orders) -%}
    with

        visits as (
            select
                'visit:' || session_id as touch_key,
                event_key,
                source,
                medium,
                campaign,
                {{ site_name("referring_domain") }} as referring_site,
                occurred_at as touched_at,
                loaded_at
            from {{ events }}
            where session_id is not null
            qualify row_number() over (partition by session_id order by occurred_at, event_key) = 1
        ),

        order_landings as (
            select
                'order:' || order_key as touch_key,
                cast(null as varchar) as event_key,
                lower({{ url_parameter("landing_site", "utm_source") }}) as source,
                lower({{ url_parameter("landing_site", "utm_medium") }}) as medium,
                {{ url_parameter("landing_site", "utm_campaign") }} as campaign,
                {{ site_name("referring_site") }} as referring_site,
                ordered_at as touched_at,
                loaded_at
            from {{ orders }}
            where landing_site is not null
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
{%- endmacro %}
