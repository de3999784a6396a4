-- grain: one row per event of a visitor
{{
    config(
        materialized="incremental",
        unique_key="event_id",
        incremental_strategy="delete+insert",
        on_schema_change="append_new_columns",
        post_hook="{{ delete_vanished('event_id', ref('int_rudderstack_tracks_resolved')) }}",
    )
}}
with

    tracks as (select * from {{ ref("int_rudderstack_tracks_resolved") }}),

    {% if is_incremental() %}
        touched as (
            {{
                touched(
                    "tracks",
                    "event_id",
                    "dbt_visitor_id",
                    ["anonymous_id", "event", "is_machine", "timestamp", "loaded_at"],
                )
            }}
        ),
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

select *
from final
