-- grain: one row per client and user who was logged in on it
{{ config(materialized="table") }}
with

    events as (select * from {{ ref("events_sessionated") }}),

    final as (
        select
            client_id,
            user_id,
            count(*) as total_events,
            min(timestamp) as first_seen,
            max(timestamp) as last_seen
        from events
        where user_id is not null and not is_machine_session
        group by 1, 2
    )

select *
from final
