-- grain: one row per event of a visitor
{{
    config(
        materialized="incremental",
        unique_key="event_id",
        incremental_strategy="replace_rows",
        meta={"never_null": "dbt_visitor_id"},
        on_schema_change="append_new_columns",
    )
}}
with

    tracks as (select * from {{ ref("int_rudderstack_tracks_resolved") }}),

    {% if is_incremental() %}
        touched as (
            {{
                touched(
                    "tracks",
                    "dbt_visitor_id",
                    ["event_id", "anonymous_id", "event", "is_machine", "timestamp", "loaded_at"],
                )
            }}
        ),

        known as (select * from {{ this }} semi join touched using (dbt_visitor_id)),
    {% endif %}

    final as (
        select
            event_id,
            anonymous_id,
            dbt_visitor_id,
            event,
            (
                epoch_us(timestamp) - lag(epoch_us(timestamp)) over (
                    partition by dbt_visitor_id order by timestamp, event_id
                )
            )
            / 6e7 as idle_time_minutes,
            is_machine,
            timestamp,
            loaded_at
        from tracks
        {% if is_incremental() %}
            where dbt_visitor_id in (select dbt_visitor_id from touched)
        {% endif %}
    )

    {% if is_incremental() %} {{ rows_to_replace("final", "known", "event_id") }}
{% else %} select * from final
{% endif %}
