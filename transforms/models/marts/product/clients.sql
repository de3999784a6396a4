-- grain: one row per browser on which nobody ever logged in
{{ fed_by(["measure_js"]) }}
with

    events as (select * from {{ ref("events_sessionated") }} where not is_machine_session),

    user_map as (select * from {{ ref("user_map") }}),

    final as (
        select
            client_id,
            count(distinct event_date) as days_active,
            count(*) as total_events,
            cast(sum(new_session) as bigint) as total_sessions,
            min(timestamp) as first_seen,
            max(timestamp) as last_seen,
            max(loaded_at) as loaded_at
        from events
        anti join user_map using (client_id)
        group by 1
    )

select *
from final
