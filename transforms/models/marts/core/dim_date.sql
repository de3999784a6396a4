-- grain: one row per calendar day
with

    holidays as (select * from {{ ref("holidays") }} where country = 'DE'),

    days as (
        select
            unnest(
                generate_series(
                    date '{{ var("calendar_start") }}',
                    date '{{ var("calendar_end") }}' - interval 1 day,
                    interval 1 day
                )
            ) as day_start
    ),

    final as (
        select
            cast(days.day_start as date) as date_day,
            isodow(days.day_start) as day_of_week,
            dayname(days.day_start) as day_name,
            day(days.day_start) as day_of_month,
            dayofyear(days.day_start) as day_of_year,
            week(days.day_start) as iso_week,
            isoyear(days.day_start) as iso_year,
            month(days.day_start) as month_of_year,
            monthname(days.day_start) as month_name,
            quarter(days.day_start) as quarter_of_year,
            year(days.day_start) as calendar_year,
            holidays.holiday as holiday_name,
            isodow(days.day_start) >= 6 as is_weekend,
            holidays.ds is not null as is_holiday,
            cast(date_trunc('week', days.day_start) as date) as week_start_date,
            cast(date_trunc('month', days.day_start) as date) as month_start_date,
            last_day(cast(days.day_start as date)) as month_end_date,
            cast(date_trunc('quarter', days.day_start) as date) as quarter_start_date,
            cast(date_trunc('year', days.day_start) as date) as year_start_date
        from days
        left join holidays on holidays.ds = cast(days.day_start as date)
    )

select *
from final
