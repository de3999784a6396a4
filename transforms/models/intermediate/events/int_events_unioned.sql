-- grain: one row per thing that happened: a tracked event, an ad click, an order, a refund
{{
    config(
        materialized="incremental",
        unique_key="event_key",
        incremental_strategy="replace_rows",
        meta={"never_null": "loaded_at"},
        on_schema_change="append_new_columns",
    )
}}
with

    -- each step reads it anew: of the wide records most are left aside
    landed as not materialized(select * from {{ ref("base_posthog__events") }}),

    event_types as (select * from {{ ref("event_type_map") }} where source_system = 'posthog'),

    {% if is_incremental() %}
        -- with those of events that the map calls otherwise now
        moments as (
            {{ touched_moments("landed", "id", "timestamp", "'posthog'") }}
            union
            select seen.occurred_at at time zone 'UTC'
            from {{ this }} as seen
            left join event_types using (event_name)
            where
                seen.stream = 'posthog'
                and seen.event_type != 'ad_click'
                and seen.event_type != coalesce(event_types.event_type, 'other')
        ),

        newest as ({{ newest_of_moments("landed", "id", "timestamp", "moments", "'posthog'") }}),
    {% else %} newest as ({{ deduplicate("landed", "id") }}),
    {% endif %}

    posthog_events as ({{ posthog_events("newest") }}),

    orders as (select * from {{ ref("int_orders_unioned") }}),

    refunds as (select * from {{ ref("stg_shopify__refunds") }}),

    tracked as (
        select
            posthog_events.distinct_id,
            posthog_events.anonymous_distinct_id,
            posthog_events.device_id,
            posthog_events.session_id,
            posthog_events.order_id,
            cast(null as varchar) as order_key,
            'posthog' as source_system,
            'posthog' as stream,
            coalesce(event_types.event_type, 'other') as event_type,
            posthog_events.event_name,
            {{ url_without_query("posthog_events.url") }} as url,
            posthog_events.sku,
            coalesce(posthog_events.gclid, posthog_events.fbclid) as click_id,
            lower(
                coalesce(
                    posthog_events.utm_source,
                    case
                        when posthog_events.gclid is not null
                        then 'google'
                        when posthog_events.fbclid is not null
                        then 'facebook'
                    end
                )
            ) as source,
            lower(
                coalesce(
                    posthog_events.utm_medium,
                    case
                        when posthog_events.gclid is not null
                        then 'cpc'
                        when posthog_events.fbclid is not null
                        then 'paid_social'
                    end
                )
            ) as medium,
            posthog_events.utm_campaign as campaign,
            posthog_events.referring_domain,
            posthog_events.country_code,
            posthog_events.occurred_at,
            posthog_events.loaded_at
        from posthog_events
        left join event_types using (event_name)
    ),

    -- a landing page with a click id tells of two things: the click on the ad, and the page view
    ad_clicks as (
        select * replace ('ad_click' as event_type)
        from tracked
        where event_type = 'page_view' and click_id is not null
    ),

    purchases as (
        select
            order_id,
            order_key,
            source_system,
            source_system || '_orders' as stream,
            'purchase' as event_type,
            'order' as event_name,
            country_code,
            ordered_at as occurred_at,
            loaded_at
        from orders {{ arrived_since("orders.loaded_at", "orders.source_system || '_orders'") }}
    ),

    given_back as (
        select
            order_id,
            {{ order_key("'shopify'", "order_id") }} as order_key,
            'shopify' as source_system,
            'shopify_refunds' as stream,
            'refund' as event_type,
            'refund ' || refund_id as event_name,
            created_at as occurred_at,
            loaded_at
        from refunds {{ arrived_since("refunds.loaded_at", "'shopify_refunds'") }}
    ),

    unioned as (
        select *
        from tracked
        union all by name
        select *
        from ad_clicks
        union all by name
        select *
        from purchases
        union all by name
        select *
        from given_back
    ),

    -- the content is the key, so one event that was sent under two ids is one event
    keyed as (
        select
            {{
                generate_surrogate_key(
                    [
                        "stream",
                        "event_type",
                        "event_name",
                        "distinct_id",
                        "order_key",
                        "case when stream = 'posthog' then occurred_at end",
                        "url",
                        "sku",
                    ]
                )
            }} as event_key, *
        from unioned
    ),

    final as (
        select *
        from keyed
        qualify row_number() over (partition by event_key order by loaded_at desc, session_id) = 1
    )

select *
from final
{% if is_incremental() %}
    -- what no record says any longer
    union all by name
    select seen.event_key
    from {{ this }} as seen
    semi join moments on {{ utc("moments.moment") }} = seen.occurred_at
    anti join final on final.event_key = seen.event_key
    where seen.stream = 'posthog'
{% endif %}
