-- The calendar that marketing keeps: promotions, and what else explains a day.
create table landing.raw_data.marketing_calendar as
select
    day_date as date,
    case
        when promotion is not null
        then map {
            'BLACKWEEK': 'Black Week', 'SUMMER15': 'Summer sale', 'SPRING10': 'Spring days'
        }[promotion]
        when ad_days.is_paused and month(day_date) = 12
        then 'Ads paused over Christmas'
        when ad_days.is_paused
        then 'Ads stopped, card expired'
        else 'Summer film on YouTube'
    end as event_name,
    promotion is not null as is_promo,
    coalesce(promotion_percent, 0)::double / 100 as discount_depth
from trade_days
inner join ad_days using (day_date)
where
    promotion is not null
    or ad_days.is_paused
    or (month(day_date) = 5 and day(day_date) = 1)
order by day_date;
