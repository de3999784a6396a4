-- a week holds all its seven days: their spend and revenue, and no week is cut
with

    days as (
        select
            cast(date_trunc('week', date) as date) as week_start_date,
            count(*) as day_count,
            sum(total_spend) as total_spend,
            sum(revenue) as revenue
        from {{ ref("fct_marketing_mix_daily") }}
        group by 1
    )

select days.week_start_date
from days
full join {{ ref("fct_marketing_mix_weekly") }} as weeks using (week_start_date)
where
    (days.day_count = 7) is distinct from (weeks.week_start_date is not null)
    or weeks.total_spend != days.total_spend
    or weeks.revenue != days.revenue
