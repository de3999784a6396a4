-- Daily active users and their growth over the day before, from events. As a mart:
-- daily_active_users_growth, which also has the days without anybody.
with

    events as (select * from {{ ref("events_sessionated") }} where not is_machine_session),

    users_counted_to_day as (
        select event_date as date, count(distinct client_id) as daily_active_users
        from events
        group by 1
    )

select
    date,
    daily_active_users,
    lag(daily_active_users) over (order by date) as previous_day_users,
    {{ growth_pct("daily_active_users", "lag(daily_active_users) over (order by date)") }}
    as growth_pct
from users_counted_to_day
order by date
