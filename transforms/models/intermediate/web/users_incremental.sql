-- grain: one row per client and user who was logged in on it
{{
    config(
        materialized="incremental",
        unique_key=["client_id", "user_id"],
        incremental_strategy="delete+insert",
        on_schema_change="fail",
        pre_hook="{{ delete_vanished(\"client_id || ' ' || user_id\", ref('user_map')) }}",
    )
}}
with

    all_events as not materialized(
        select * from {{ ref("events_sessionated") }} where not is_machine_session
    ),

    user_map as (select * from {{ ref("user_map") }}),

    {% if is_incremental() %}
        -- a late event without a user still moves the ends of a user's session
        touched as (
            select client_id
            from all_events
            where loaded_at >= (select max(seen.loaded_at) from {{ this }} as seen)
            union
            select user_map.client_id
            from user_map
            left join {{ this }} as seen using (client_id, user_id)
            where seen.total_events is distinct from user_map.total_events
        ),
    {% endif %}

    events as (
        select *
        from all_events
        {% if is_incremental() %} semi join touched using (client_id) {% endif %}
    ),

    -- one row a session, or long sessions would weigh by their events
    sessions_of_users as (
        select
            client_id,
            user_id,
            session_id,
            any_value(session_duration) as session_duration,
            count(*) as total_events,
            min(timestamp) as first_seen,
            max(timestamp) as last_seen
        from events
        where user_id is not null
        group by 1, 2, 3
    ),

    sessions_summed_to_user as (
        select
            client_id,
            user_id,
            cast(sum(total_events) as bigint) as total_events,
            count(*) as total_sessions,
            cast(sum(session_duration) as bigint) as total_session_duration,
            min(first_seen) as first_seen,
            max(last_seen) as last_seen
        from sessions_of_users
        group by 1, 2
    ),

    days_counted_to_user as (
        select client_id, user_id, count(distinct event_date) as days_active
        from events
        where user_id is not null
        group by 1, 2
    ),

    clients_loaded as (select client_id, max(loaded_at) as loaded_at from events group by 1),

    final as (
        select
            client_id,
            user_id,
            days_active,
            total_events,
            total_sessions,
            total_session_duration,
            total_session_duration / total_sessions as avg_session_duration,
            first_seen,
            last_seen,
            loaded_at
        from sessions_summed_to_user
        inner join days_counted_to_user using (client_id, user_id)
        inner join clients_loaded using (client_id)
    )

select *
from final
