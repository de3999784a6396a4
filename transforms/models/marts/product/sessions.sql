-- grain: one row per session that Measure.js saw, of people
with

    events as (select * from {{ ref("events_sessionated") }} where not is_machine_session),

    user_map as (select * from {{ ref("user_map") }}),

    events_summed_to_session as (
        select
            session_id,
            any_value(client_id) as client_id,
            -- somebody who logs in on the way was there from the start
            arg_max(user_id, (timestamp, event_id)) as user_id,
            any_value(session_number) as session_number,
            min(timestamp) as session_start,
            max(timestamp) as session_end,
            any_value(session_duration) as session_duration,
            count(*) as total_events,
            count(*) filter (where event_name = 'pageview') as pageviews,
            count(distinct page_url) filter (where event_name = 'pageview') as unique_pages,
            count(*) filter (where event_name = 'add_to_cart') as add_to_carts,
            count(*) filter (where event_name = 'purchase') as purchases,
            arg_min_null(page_url, (timestamp, event_id)) as landing_page,
            arg_min_null(referrer, (timestamp, event_id)) as referrer,
            arg_min_null(utm_source, (timestamp, event_id)) as utm_source,
            arg_min_null(utm_medium, (timestamp, event_id)) as utm_medium,
            arg_min_null(utm_campaign, (timestamp, event_id)) as utm_campaign,
            arg_min_null(country, (timestamp, event_id)) as country,
            arg_min_null(country_code, (timestamp, event_id)) as country_code,
            arg_min_null(device_type, (timestamp, event_id)) as device_type,
            arg_min_null(event_date, (timestamp, event_id)) as session_date,
            list(event_name order by timestamp, event_id) as events,
            max(loaded_at) as loaded_at
        from events
        group by 1
    ),

    final as (
        select
            session_id,
            client_id,
            user_id,
            landing_page,
            referrer,
            utm_source,
            utm_medium,
            utm_campaign,
            coalesce(country, 'Unknown') as country,
            coalesce(country_code, 'ZZ') as country_code,
            device_type,
            events,
            session_number,
            session_duration,
            total_events,
            pageviews,
            unique_pages,
            add_to_carts,
            purchases,
            client_id in (select client_id from user_map) as ever_identified,
            session_date,
            session_start,
            session_end,
            loaded_at
        from events_summed_to_session
    )

select *
from final
