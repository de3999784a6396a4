-- grain: one row per session of a visitor
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "session_id", "row_key": "dbt_visitor_id"},
        on_schema_change="fail",
    )
}}
{%- set compared = [
    "dbt_visitor_id",
    "session_sequence_number",
    "session_start_at",
    "next_session_start_at",
] %}
with

    mapped_tracks as (select * from {{ ref("dbt_mapped_tracks") }}),

    -- idle for exactly as long as allowed is still the same session
    opening as (
        select dbt_visitor_id, timestamp, event_id
        from mapped_tracks
        where idle_time_minutes is null or idle_time_minutes > {{ var("session_idle_minutes") }}
    ),

    numbered as (
        select
            dbt_visitor_id,
            timestamp as session_start_at,
            row_number() over by_time as session_sequence_number,
            lead(timestamp) over by_time as next_session_start_at
        from opening
        window by_time as (partition by dbt_visitor_id order by timestamp, event_id)
    ),

    changed as ({{ unlike_known("numbered", compared) }}),

    final as (
        select
            session_sequence_number || ' - ' || dbt_visitor_id as session_id,
            dbt_visitor_id,
            session_sequence_number,
            session_start_at,
            next_session_start_at
        from changed
    )

    {{ unlike_or_gone("final", "numbered", compared, "session_id") }}
