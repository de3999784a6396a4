-- grain: one row per session that Measure.js saw, of people
{{ fed_by(["measure_js"]) }}
{{
    config(
        materialized="incremental",
        unique_key="session_id",
        incremental_strategy="replace_rows",
        meta={"never_null": "client_id"},
        on_schema_change="fail",
    )
}}
with

    user_map as (select * from {{ ref("user_map") }}),

    {% if is_incremental() %}
        people as (select * from {{ ref("events_sessionated") }} where not is_machine_session),

        touched as (
            {{
                touched_groups(
                    "people",
                    ["session_id"],
                    {"total_events": "count(*)", "session_number": "max(session_number)"},
                )
            }}
            union
            select session_id
            from {{ this }}
            where ever_identified != (client_id in (select client_id from user_map))
        ),
    {% endif %}

    events as (
        select *
        from {{ ref("events_sessionated") }}
        {% if is_incremental() %} semi join touched using (session_id) {% endif %}
        where not is_machine_session
    ),

    -- what a session has once, and what its first page tells
    first_events as (select * from events where new_session = 1),

    events_summed_to_session as (
        select
            session_id,
            -- somebody who logs in on the way was there from the start
            arg_max(user_id, (timestamp, event_id)) as user_id,
            max(timestamp) as session_end,
            count(*) as total_events,
            count(*) filter (where event_name = 'pageview') as pageviews,
            count(distinct page_url) filter (where event_name = 'pageview') as unique_pages,
            count(*) filter (where event_name = 'add_to_cart') as add_to_carts,
            count(*) filter (where event_name = 'purchase') as purchases,
            list(event_name order by timestamp, event_id) as events,
            max(loaded_at) as loaded_at
        from events
        group by 1
    ),

    final as (
        select
            session_id,
            first_events.client_id,
            summed.user_id,
            first_events.page_url as landing_page,
            first_events.referrer,
            first_events.utm_source,
            first_events.utm_medium,
            first_events.utm_campaign,
            coalesce(first_events.country, 'Unknown') as country,
            coalesce(first_events.country_code, 'ZZ') as country_code,
            first_events.device_type,
            summed.events,
            first_events.session_number,
            first_events.session_duration,
            summed.total_events,
            summed.pageviews,
            summed.unique_pages,
            summed.add_to_carts,
            summed.purchases,
            first_events.client_id in (select client_id from user_map) as ever_identified,
            first_events.event_date as session_date,
            first_events.timestamp as session_start,
            summed.session_end,
            summed.loaded_at
        from first_events
        inner join events_summed_to_session as summed using (session_id)
    )

select *
from final
{% if is_incremental() %}
    union all by name
    select session_id
    from touched
    anti join final using (session_id)
{% endif %}
