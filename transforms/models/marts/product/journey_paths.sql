-- grain: one row per flow: what follows one another in app sessions, up to five events
{{ fed_by(["rudderstack"]) }}
{%- set steps = [] %}
{%- for step in range(2, var("journey_length") | int + 1) %}
    {%- do steps.append("event_" ~ step) %}
{%- endfor %}
with

    flow as (select * from {{ ref("dbt_tracks_flow") }} where not is_machine),

    written as (
        select
            concat_ws(' > ', event, {{ steps | join(", ") }}) as path,
            len(
                list_filter([event, {{ steps | join(", ") }}], lambda step:step is not null)
            ) as step_count,
            *
        from flow
    ),

    counted as (
        select
            path,
            any_value(event) as event,
            {%- for step in range(2, 6) %}
                any_value(event_{{ step }}) as event_{{ step }},
            {%- endfor %}
            any_value(step_count) as step_count,
            count(*) as occurrences,
            count(*) filter (where track_sequence_number = 1) as sessions_begun,
            count(distinct session_id) as sessions_with_path,
            count(distinct dbt_visitor_id) as visitors
        from written
        group by path
    )

select
    *,
    row_number() over (partition by step_count order by occurrences desc, path) as occurrence_rank
from counted
