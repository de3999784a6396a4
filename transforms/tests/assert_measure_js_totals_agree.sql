-- Every mart of Measure.js adds up to the same sessions, page views and seconds.
with

    sessions as (
        select
            count(*) as sessions,
            sum(pageviews) as pageviews,
            sum(total_events) as events,
            sum(session_duration) as seconds
        from {{ ref("sessions") }}
    ),

    others as (
        select
            'daily_performance' as mart,
            sum(total_sessions) as sessions,
            sum(pageviews) as pageviews,
            sum(total_events) as events,
            sum(total_session_duration) as seconds
        from {{ ref("daily_performance") }}
        union all
        select
            'daily_performance_partitioned',
            sum(total_sessions),
            sum(pageviews),
            sum(total_events),
            sum(total_session_duration)
        from {{ ref("daily_performance_partitioned") }}
        union all
        select
            'session_duration_distribution', sum(sessions), null, null, sum(total_session_duration)
        from {{ ref("session_duration_distribution") }}
        union all
        select 'geo_traffic_daily', sum(sessions), sum(pageviews), sum(total_events), null
        from {{ ref("geo_traffic_daily") }}
        union all
        select 'page_performance_daily', null, sum(pageviews), null, null
        from {{ ref("page_performance_daily") }}
    )

select others.*
from others
cross join sessions
where
    others.sessions != sessions.sessions
    or others.pageviews != sessions.pageviews
    or others.events != sessions.events
    or others.seconds != sessions.seconds
