-- grain: one row per day and country with traffic
{{ fed_by(["measure_js"]) }}
with

    events as (select * from {{ ref("events_sessionated") }} where not is_machine_session),

    sessions as (select * from {{ ref("sessions") }}),

    events_summed_to_country as (
        select
            event_date as date,
            coalesce(country_code, 'ZZ') as country_code,
            min(coalesce(country, 'Unknown')) as country,
            count(distinct client_id) as unique_visitors,
            count(*) as total_events,
            count(*) filter (where event_name = 'pageview') as pageviews
        from events
        group by 1, 2
    ),

    sessions_summed_to_country as (
        select session_date as date, country_code, count(*) as sessions from sessions group by 1, 2
    ),

    final as (
        select
            md5(events.date || ' ' || events.country_code) as day_country_key,
            events.country_code,
            events.country,
            events.unique_visitors,
            coalesce(sessions.sessions, 0) as sessions,
            events.total_events,
            events.pageviews,
            events.date
        from events_summed_to_country as events
        left join sessions_summed_to_country as sessions using (date, country_code)
    )

select *
from final
