-- grain: one row per tool that tracks and day on which its events arrived
{{ config(materialized="table") }}
{%- set tracked = [
    ("measure_js", "events_sessionated", "timestamp", "true"),
    ("ga4", "base__ga4__events", "event_timestamp", "true"),
    ("rudderstack", "dbt_mapped_tracks", "timestamp", "true"),
    (
        "posthog",
        "int_events_unioned",
        "occurred_at",
        "stream = 'posthog' and event_type != 'ad_click'",
    ),
] %}
with

    -- by arrival, so that a build looks at the rows of these days alone, however many there are
    watched as (
        select max(newest) - interval {{ var("late_events_days") }} day as since
        from
            (
                {%- for tool, model, occurred_at, condition in tracked %}
                    select max(loaded_at) as newest
                    from {{ ref(model) }} {{ "union all" if not loop.last }}
                {%- endfor %}
            )
    ),

    arrived as (
        {%- for tool, model, occurred_at, condition in tracked %}
            select '{{ tool }}' as source_system, {{ occurred_at }} as occurred_at, loaded_at
            from {{ ref(model) }}
            where
                loaded_at >= (select since from watched) and {{ condition }}
                {{ "union all" if not loop.last }}
        {%- endfor %}
    ),

    dated as (
        select
            source_system,
            {{ reporting_date("loaded_at") }} as arrived_date,
            occurred_at,
            epoch(loaded_at - occurred_at) / 3600 as hours_late
        from arrived
    ),

    final as (
        select
            source_system,
            count(*) as events,
            count(*) filter (where hours_late > 24) as events_after_1_day,
            count(*) filter (where hours_late > 72) as events_after_3_days,
            count(*) filter (where hours_late > 240) as events_after_10_days,
            round(quantile_cont(hours_late, 0.5), 2) as p50_hours,
            round(quantile_cont(hours_late, 0.95), 2) as p95_hours,
            round(max(hours_late), 2) as latest_hours,
            arrived_date,
            min(occurred_at) as oldest_occurred_at
        from dated
        -- the first day is cut by the hour
        where arrived_date > (select {{ reporting_date("since") }} from watched)
        group by source_system, arrived_date
    )

select *
from final
