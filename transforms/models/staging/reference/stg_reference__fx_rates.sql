-- grain: one row per day and currency, the rate into the currency it is quoted in
with

    source as (select * from {{ raw("reference", "fx_rates") }}),

    renamed as (
        select
            upper(from_currency) as from_currency,
            upper(to_currency) as to_currency,
            cast(rate as decimal(18, 8)) as rate,
            rate_date
        from source
    )

select *
from renamed
