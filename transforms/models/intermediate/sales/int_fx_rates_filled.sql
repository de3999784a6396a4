-- grain: one row per day and currency, with the rate into the reporting currency
{{ config(materialized="table") }}
with

    rates as (
        select from_currency, rate, rate_date
        from {{ ref("stg_reference__fx_rates") }}
        where to_currency = '{{ var("reporting_currency") }}'
    ),

    days as (select date_day from {{ ref("int_calendar_days") }}),

    currencies as (select distinct from_currency from rates),

    currency_days as (
        select currencies.from_currency, days.date_day from currencies cross join days
    ),

    -- a day without a rate takes the newest rate before it
    filled as (
        select
            currency_days.from_currency as currency,
            rates.rate as fx_rate,
            currency_days.date_day as rate_date,
            rates.rate_date as quoted_date
        from currency_days
        asof inner join
            rates
            on rates.from_currency = currency_days.from_currency
            and rates.rate_date <= currency_days.date_day
    ),

    reporting_currency as (
        select
            '{{ var("reporting_currency") }}' as currency,
            1.0 as fx_rate,
            date_day as rate_date,
            date_day as quoted_date
        from days
    )

select *
from filled
where currency != '{{ var("reporting_currency") }}'
union all
select *
from reporting_currency
