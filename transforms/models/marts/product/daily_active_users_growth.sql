-- grain: one row per calendar day since Measure.js began, none missing
{{ fed_by(["measure_js"]) }}
with

    days as (select * from {{ ref("daily_performance") }}),

    compared as (
        select
            date,
            daily_active_users,
            lag(daily_active_users) over by_day as previous_day_users,
            lag(daily_active_users, 7) over by_day as same_weekday_last_week_users
        from days
        window by_day as (order by date)
    ),

    final as (
        select
            date,
            daily_active_users,
            previous_day_users,
            same_weekday_last_week_users,
            {{ growth_pct("daily_active_users", "previous_day_users") }} as growth_pct,
            {{ growth_pct("daily_active_users", "same_weekday_last_week_users") }}
            as growth_pct_week
        from compared
    )

select *
from final
