-- grain: one row per event in the app
{{ fed_by(["rudderstack"]) }}
{{
    config(
        materialized="incremental",
        unique_key="event_id",
        incremental_strategy="replace_rows",
        meta={"never_null": "dbt_visitor_id"},
        on_schema_change="fail",
    )
}}
with

    all_tracks as not materialized(select * from {{ ref("dbt_mapped_tracks") }}),

    all_sessions as not materialized(select * from {{ ref("dbt_session_tracks") }}),

    {% if is_incremental() %}
        touched as (
            {{
                touched(
                    "all_tracks",
                    "dbt_visitor_id",
                    ["event_id", "anonymous_id", "event", "is_machine", "timestamp", "loaded_at"],
                )
            }}
        ),

        known as (select * from {{ this }} semi join touched using (dbt_visitor_id)),
    {% endif %}

    mapped_tracks as (
        select *
        from all_tracks
        {% if is_incremental() %} semi join touched using (dbt_visitor_id) {% endif %}
    ),

    sessions as (
        select *
        from all_sessions
        {% if is_incremental() %} semi join touched using (dbt_visitor_id) {% endif %}
    ),

    final as (
        select
            mapped_tracks.event_id,
            mapped_tracks.anonymous_id,
            mapped_tracks.dbt_visitor_id,
            sessions.session_id,
            mapped_tracks.event,
            row_number() over (
                partition by sessions.session_id
                order by mapped_tracks.timestamp, mapped_tracks.event_id
            ) as track_sequence_number,
            bool_or(mapped_tracks.is_machine) over (partition by sessions.session_id) as is_machine,
            {{ reporting_date("mapped_tracks.timestamp") }} as event_date,
            mapped_tracks.timestamp,
            mapped_tracks.loaded_at
        from mapped_tracks
        -- the session that had begun last when the event happened
        asof inner join
            sessions
            on sessions.dbt_visitor_id = mapped_tracks.dbt_visitor_id
            and sessions.session_start_at <= mapped_tracks.timestamp
    )

    {% if is_incremental() %} {{ rows_to_replace("final", "known", "event_id") }}
{% else %} select * from final
{% endif %}
