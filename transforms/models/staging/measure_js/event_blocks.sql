-- grain: one row per hour with events, machines included: the load on the tracking
{{ config(materialized="table") }}
with

    -- the rows of events_cleaned, which this table holds and the view would compute again
    events as (select * from {{ ref("events_sessionated") }}),

    events_counted_to_hour as (
        select date_trunc('hour', timestamp) as hour_block, count(*) as event_count
        from events
        group by 1
    ),

    final as (
        select
            {{ reporting_date("hour_block") }} as date,
            hour(
                hour_block at time zone 'UTC' at time zone '{{ var("reporting_timezone") }}'
            ) as hour,
            hour_block,
            event_count
        from events_counted_to_hour
    )

select *
from final
