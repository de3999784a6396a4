-- grain: one row per event in the app, with the events that follow it in its session
{{ fed_by(["rudderstack"]) }}
{%- set length = var("journey_length") | int %}
{{
    config(
        materialized="incremental",
        unique_key="event_id",
        incremental_strategy="replace_rows",
        meta={"never_null": "dbt_visitor_id"},
        on_schema_change="append_new_columns",
        contract={"enforced": length <= 5},
    )
}}
with

    facts as (select * from {{ ref("dbt_track_facts") }}),

    {% if is_incremental() %}
        touched as (
            {{
                touched(
                    "facts",
                    "dbt_visitor_id",
                    [
                        "event_id",
                        "session_id",
                        "track_sequence_number",
                        "event",
                        "is_machine",
                        "timestamp",
                    ],
                )
            }}
        ),

        known as (select * from {{ this }} semi join touched using (dbt_visitor_id)),
    {% endif %}

    final as (
        select
            event_id,
            session_id,
            dbt_visitor_id,
            event,
            {%- for step in range(2, [length, 5] | max + 1) %}
                {%- if step <= length %} lead(event, {{ step - 1 }}) over by_time
                {%- else %} cast(null as varchar)
                {%- endif %} as event_{{ step }},
            {%- endfor %}
            track_sequence_number,
            is_machine,
            timestamp
        from facts
        {% if is_incremental() %}
            where dbt_visitor_id in (select dbt_visitor_id from touched)
        {% endif %}
        window by_time as (partition by session_id order by track_sequence_number)
    )

    {% if is_incremental() %} {{ rows_to_replace("final", "known", "event_id") }}
{% else %} select * from final
{% endif %}
