-- The window's days with their weight in trade, the promotions, and the rates of exchange.
create temp table days as
select
    day_date,
    (row_number() over (order by day_date) - 1)::bigint as day_number,
    strftime(day_date, '%Y-%m') as month_key,
    case
        when
            (month(day_date) = 11 and day(day_date) >= 24)
            or (month(day_date) = 12 and day(day_date) = 1)
        then 'BLACKWEEK'
        when month(day_date) = 7 and day(day_date) between 7 and 20
        then 'SUMMER15'
        when month(day_date) = 3 and day(day_date) between 20 and 29
        then 'SPRING10'
    end as promotion
from
    (
        select
            unnest(
                generate_series(getvariable('first_day'), getvariable('through'), interval 1 day)
            )::date as day_date
    );

create temp table promotions (code varchar, percent bigint, trade bigint);
insert into promotions values ('BLACKWEEK', 20, 220), ('SUMMER15', 15, 150), ('SPRING10', 10, 125);

create temp table trade_days as
with
    weighed as (
        select
            days.*,
            promotions.percent as promotion_percent,
            -- growth over the window × season × weekday × promotion, as a whole number
            (
                (1000 + (800 * day_number) // 700)
                * [76, 74, 88, 104, 116, 122, 118, 106, 96, 94, 118, 138][month(day_date)]
                * [119, 110, 102, 98, 97, 92, 88][dayofweek(day_date) + 1]
                * coalesce(promotions.trade, 100)
            )
            // 10000 as weight
        from days
        left join promotions on days.promotion = promotions.code
    )
select
    weighed.*,
    (sum(weight) over (order by day_date rows unbounded preceding) - weight)::bigint
    as weight_before,
    (sum(weight) over ())::bigint as weight_total
from weighed;

create temp table exchange_rates as
with
    bases as (
        select *
        from
            (values ('USD', 0.905, 6, 1), ('GBP', 1.172, 6, 2), ('JPY', 0.00618, 8, 3)) as base(
                currency, level, digits, number
            )
    ),

    rate_days as (
        select
            unnest(
                generate_series(
                    getvariable('first_day') - 10, getvariable('through'), interval 1 day
                )
            )::date as rate_date
    )
select
    rate_date,
    currency as from_currency,
    'EUR' as to_currency,
    round(
        level * (
            1
            + 0.035 * sin((epoch(rate_date) / 86400 + 40 * number) / 83)
            + 0.011 * sin((epoch(rate_date) / 86400 + 7 * number) / 13)
            + 0.006 * (draw('fx', (epoch(rate_date) / 86400)::bigint * 8 + number) - 0.5)
        ),
        digits
    ) as rate
from rate_days
cross join bases
-- no fixing on weekends and on the bank holidays of the central bank
where
    isodow(rate_date) < 6
    and strftime(rate_date, '%m-%d') not in ('01-01', '05-01', '12-25', '12-26');
