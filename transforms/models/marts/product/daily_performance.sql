-- grain: one row per calendar day since Measure.js began, none missing
{{ fed_by(["measure_js"]) }}
with

    events as (select * from {{ ref("events_sessionated") }} where not is_machine_session),

    sessions as (select * from {{ ref("sessions") }}),

    events_summed_to_day as (
        select
            event_date as date,
            count(distinct client_id) as daily_active_users,
            count(distinct user_id) as daily_active_registered_users,
            count(*) as total_events,
            count(*) filter (where event_name = 'pageview') as pageviews
        from events
        group by 1
    ),

    sessions_summed_to_day as (
        select
            session_date as date,
            count(*) as total_sessions,
            cast(sum(session_duration) as bigint) as total_session_duration
        from sessions
        group by 1
    ),

    dates as (
        select cast(unnest(generate_series(min(date), max(date), interval 1 day)) as date) as date
        from events_summed_to_day
    ),

    final as (
        select
            dates.date,
            coalesce(events.daily_active_users, 0) as daily_active_users,
            coalesce(events.daily_active_registered_users, 0) as daily_active_registered_users,
            coalesce(sessions.total_sessions, 0) as total_sessions,
            coalesce(events.total_events, 0) as total_events,
            coalesce(events.pageviews, 0) as pageviews,
            coalesce(sessions.total_session_duration, 0) as total_session_duration,
            sessions.total_session_duration / sessions.total_sessions as avg_session_duration
        from dates
        left join events_summed_to_day as events using (date)
        left join sessions_summed_to_day as sessions using (date)
    )

select *
from final
