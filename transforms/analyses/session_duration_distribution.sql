-- How many sessions last how long, over all days. As a mart, by day:
-- session_duration_distribution.
with

    -- the duration is repeated on each event, so one event a session is enough
    sessions as (
        select session_id, session_duration
        from {{ ref("events_sessionated") }}
        where new_session = 1 and not is_machine_session
    ),

    sessions_by_length as (
        select
            case
                when session_duration < 60
                then '0-1 min'
                when session_duration < 300
                then '1-5 min'
                when session_duration < 900
                then '5-15 min'
                when session_duration < 3600
                then '15-60 min'
                else '60+ min'
            end as duration_bucket,
            min(session_duration) as shortest,
            count(*) as sessions
        from sessions
        group by 1
    )

select duration_bucket, sessions, 100.0 * sessions / sum(sessions) over () as percent_of_sessions
from sessions_by_length
order by shortest
