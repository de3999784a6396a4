-- grain: one row per calendar day of the calendar
select
    cast(
        unnest(
            generate_series(
                date '{{ var("calendar_start") }}',
                date '{{ var("calendar_end") }}' - interval 1 day,
                interval 1 day
            )
        ) as date
    ) as date_day
