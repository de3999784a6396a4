-- grain: one row per visit and per order, with the marketing channel that it came through
{{
    config(
        materialized="incremental",
        unique_key="touch_key",
        incremental_strategy="replace_rows",
        on_schema_change="fail",
        meta={"never_null": "loaded_at"},
    )
}}
-- depends_on: {{ ref("int_touches") }}
-- depends_on: {{ ref("int_events_unioned") }}
-- depends_on: {{ ref("int_orders_unioned") }}
with

    {% if is_incremental() %}
        known as not materialized(select * from {{ this }}),

        all_events as not materialized(select * from {{ ref("int_events_unioned") }}),

        all_orders as not materialized(select * from {{ ref("int_orders_unioned") }}),

        arrived_events as (
            select event_key, session_id
            from all_events
            where
                loaded_at >= (
                    select coalesce(max(loaded_at), timestamp '-infinity')
                    from known
                    where event_key is not null
                )
        ),

        -- what begins a visit no longer: it is gone, another visit's, or told by an older record
        moved_events as (
            select known.touch_key, 'visit:' || all_events.session_id as touch_key_now
            from known
            left join all_events using (event_key)
            where
                known.event_key is not null
                and (known.touch_key, known.loaded_at)
                is distinct from ('visit:' || all_events.session_id, all_events.loaded_at)
        ),

        touched_visits as (
            select 'visit:' || session_id as touch_key
            from arrived_events
            where session_id is not null
            union
            select touch_key
            from moved_events
            union
            select touch_key_now
            from moved_events
            where touch_key_now is not null
        ),

        arrived_orders as (
            select *
            from all_orders
            where
                loaded_at >= (
                    select coalesce(max(loaded_at), timestamp '-infinity')
                    from known
                    where event_key is null
                )
        ),

        events_of_touched as (
            select *
            from all_events
            where session_id in (select substr(touch_key, 7) from touched_visits)
        ),

        touches as ({{ touches("events_of_touched", "arrived_orders") }}),

        touched as (
            select touch_key
            from touched_visits
            union all
            select 'order:' || order_key
            from arrived_orders
        ),

        gone as (
            select touch_key
            from known
            where
                touch_key in (select touch_key from touched)
                and touch_key not in (select touch_key from touches)
        ),

        known_channels as ({{ visit_channels("known") }}),

        -- of the others those of which the rules say otherwise now
        ruled_otherwise as (
            select known.* replace (known_channels.channel as channel)
            from known
            inner join known_channels on {{ same_origin("known", "known_channels") }}
            where
                known.channel is distinct from known_channels.channel
                and known.touch_key not in (select touch_key from touched)
        ),
    {% else %} touches as (select * from {{ ref("int_touches") }}),
    {% endif %}

    channels as ({{ visit_channels("touches") }}),

    final as (
        select
            touches.touch_key,
            touches.event_key,
            channels.channel,
            touches.source,
            touches.medium,
            touches.campaign,
            touches.referring_site,
            touches.touched_at,
            touches.loaded_at
        from touches
        inner join channels on {{ same_origin("touches", "channels") }}
    )

select *
from final
{% if is_incremental() %}
    union all by name
    select *
    from ruled_otherwise
    union all by name
    select touch_key
    from gone
{% endif %}
