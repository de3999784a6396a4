-- grain: one row per day and thing that marketing wrote into its calendar
with

    source as (select * from {{ raw("reference", "marketing_calendar") }}),

    renamed as (
        select
            event_name,
            cast(discount_depth as decimal(18, 4)) as discount_depth,
            coalesce(is_promo, false) as is_promo,
            "date" as calendar_date
        from source
    )

select *
from renamed
