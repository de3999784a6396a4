-- grain: one row per calendar day
with

    holidays as (select * from {{ ref("holidays") }} where country = 'DE'),

    days as (select * from {{ ref("int_calendar_days") }}),

    final as (
        select
            days.date_day,
            isodow(days.date_day) as day_of_week,
            dayname(days.date_day) as day_name,
            day(days.date_day) as day_of_month,
            dayofyear(days.date_day) as day_of_year,
            week(days.date_day) as iso_week,
            isoyear(days.date_day) as iso_year,
            month(days.date_day) as month_of_year,
            monthname(days.date_day) as month_name,
            quarter(days.date_day) as quarter_of_year,
            year(days.date_day) as calendar_year,
            holidays.holiday as holiday_name,
            isodow(days.date_day) >= 6 as is_weekend,
            holidays.ds is not null as is_holiday,
            cast(date_trunc('week', days.date_day) as date) as week_start_date,
            cast(date_trunc('month', days.date_day) as date) as month_start_date,
            last_day(days.date_day) as month_end_date,
            cast(date_trunc('quarter', days.date_day) as date) as quarter_start_date,
            cast(date_trunc('year', days.date_day) as date) as year_start_date
        from days
        left join holidays on holidays.ds = days.date_day
    )

select *
from final
