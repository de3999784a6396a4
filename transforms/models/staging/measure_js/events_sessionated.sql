-- grain: one row per Measure.js event, with the session it belongs to
{{
    config(
        materialized="incremental",
        unique_key="client_id",
        incremental_strategy="delete+insert",
        on_schema_change="fail",
    )
}}
-- depends_on: {{ ref("base_measure_js__events") }}
-- depends_on: {{ ref("events_cleaned") }}
with

    {% if is_incremental() %}
        landed as (select * from {{ ref("base_measure_js__events") }}),

        arrived as (
            select event_id, client_id
            from landed
            where
                _airbyte_extracted_at >= (
                    select coalesce(max(seen.loaded_at), timestamp '-infinity')
                    from {{ this }} as seen
                ) at time zone 'UTC'
        ),

        -- one late event can join two sessions, so its visitor's events are all looked at again
        touched as (
            select client_id
            from arrived
            union
            select seen.client_id
            from {{ this }} as seen
            semi join arrived on seen.event_id = arrived.event_id
        ),

        landed_of_touched as (
            select *
            from landed
            where
                trim(client_id) in (select trim(client_id) from touched)
                or event_id in (select event_id from arrived)
        ),

        events as ({{ cleaned_events("landed_of_touched") }}),

    {% else %} events as (select * from {{ ref("events_cleaned") }}),
    {% endif %}

    spaced as (
        select *, lag(timestamp) over by_time as previous_timestamp
        from events
        window by_time as (partition by client_id order by timestamp, event_id)
    ),

    parted as (
        select
            *,
            case
                when {{ begins_session("timestamp", "previous_timestamp") }} then 1 else 0
            end as new_session
        from spaced
    ),

    numbered as (
        select
            *,
            cast(
                sum(new_session) over (
                    partition by client_id order by timestamp, event_id rows unbounded preceding
                ) as bigint
            ) as session_number
        from parted
    ),

    final as (
        select
            * exclude (previous_timestamp),
            date_diff('second', previous_timestamp, timestamp) as seconds_since_previous,
            md5(client_id || first_value(event_id) over in_session) as session_id,
            date_diff(
                'second',
                first_value(timestamp) over in_session,
                last_value(timestamp) over in_session
            ) as session_duration,
            bool_or(is_bot or is_internal) over (
                partition by client_id, session_number
            ) as is_machine_session
        from numbered
        window
            in_session as (
                partition by client_id, session_number
                order by timestamp, event_id
                rows between unbounded preceding and unbounded following
            )
    )

select *
from final
