-- grain: one row per Measure.js event, with the session it belongs to
{{
    config(
        materialized="incremental",
        unique_key="event_id",
        incremental_strategy="replace_rows",
        meta={"never_null": "client_id"},
        on_schema_change="fail",
    )
}}
with

    newest as ({{ newest_with_copies(ref("base_measure_js__events"), "event_id", "received_at") }}),

    cleaned as ({{ cleaned_records("newest") }}),

    {% if is_incremental() %}
        -- one late event can join two sessions, so its visitor's events are all looked at again
        touched as (
            select client_id
            from cleaned
            union
            select seen.client_id
            from {{ this }} as seen
            semi join newest using (event_id)
        ),

        known as (
            select
                event_id,
                client_id,
                timestamp,
                says_bot,
                is_internal,
                is_bot,
                new_session,
                session_number,
                seconds_since_previous,
                session_id,
                session_duration,
                is_machine_session
            from {{ this }}
            semi join touched using (client_id)
        ),
    {% endif %}

    -- by few columns, because windows over wide rows cost many times as much
    narrow as (
        select event_id, client_id, timestamp, says_bot, is_internal
        from cleaned
        {% if is_incremental() %}
            union all
            select event_id, client_id, timestamp, says_bot, is_internal
            from known
            anti join newest using (event_id)
        {% endif %}
    ),

    events as ({{ with_bots_marked("narrow") }}),

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

    placed as (
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
    ),

    {% if is_incremental() %}
        changed as (
            select *
            from placed
            except
            select *
            from known
        ),

        -- of what did not arrive, only the rows that stand otherwise now
        records as (
            select *
            from cleaned
            union all by name
            select
                seen.* exclude (
                    is_bot,
                    new_session,
                    session_number,
                    seconds_since_previous,
                    session_id,
                    session_duration,
                    is_machine_session
                )
            from {{ this }} as seen
            semi join changed on changed.event_id = seen.event_id
            anti join newest on newest.event_id = seen.event_id
        ),
    {% endif %}

    final as (
        select
            records.*,
            placed.is_bot,
            placed.new_session,
            placed.session_number,
            placed.seconds_since_previous,
            placed.session_id,
            placed.session_duration,
            placed.is_machine_session
        from {{ "records" if is_incremental() else "cleaned as records" }}
        inner join placed on placed.event_id = records.event_id
        {% if is_incremental() %}
            union all by name
            select event_id
            from known
            anti join placed using (event_id)
        {% endif %}
    )

select *
from final
