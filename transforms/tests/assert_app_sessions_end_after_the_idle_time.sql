-- Events that stand further apart than the idle time are not of one session, nearer ones are.
with

    spaced as (
        select
            event_id,
            session_id = lag(session_id) over by_time as is_same_session,
            timestamp - lag(timestamp) over by_time as idle_time
        from {{ ref("dbt_track_facts") }}
        window by_time as (partition by dbt_visitor_id order by timestamp, event_id)
    )

select *
from spaced
where is_same_session != (idle_time <= interval '{{ var("session_idle_minutes") }} minutes')
