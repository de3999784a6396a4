-- What the sales are, from the clean facts, to the cent.
create temp table line_euros as
with
    rated as (
        select
            line_facts.*,
            orders.order_date,
            case when orders.currency = 'EUR' then 1 else rate end::decimal(18, 8) as rate
        from line_facts
        inner join orders using (order_id)
        asof left join
            exchange_rates
            on orders.currency = exchange_rates.from_currency
            and orders.order_date >= exchange_rates.rate_date
    )
select
    *,
    round(major(gross, currency) * rate, 2)::decimal(18, 2) as gross_eur,
    round(major(discount, currency) * rate, 2)::decimal(18, 2) as discount_eur,
    round(major(refund, currency) * rate, 2)::decimal(18, 2) as refund_eur
from rated;

create table landing.truth.line_sales as
select
    orders.platform || ':' || platform_order_id::varchar as order_key,
    line_id,
    sku,
    quantity,
    orders.currency,
    major(gross, orders.currency) as gross_local,
    major(discount, orders.currency) as discount_local,
    major(refund, orders.currency) as refund_local,
    gross_eur as gross_sales,
    discount_eur as discount_amount,
    refund_eur as refund_amount,
    (gross_eur - discount_eur - refund_eur)::decimal(18, 2) as net_sales
from line_euros
inner join orders using (order_id)
inner join variants using (variant_number)
order by order_key, line_id;

create table landing.truth.orders as
with
    summed as (
        select
            order_id,
            sum(gross_eur) as gross_revenue,
            sum(discount_eur) as discount_amount,
            sum(refund_eur) as refund_amount
        from line_euros
        group by order_id
    )
select
    platform || ':' || platform_order_id::varchar as order_key,
    platform,
    platform_order_id as order_id,
    person_id,
    ordered_at,
    order_date,
    currency,
    is_valid,
    invalid_reason,
    coalesce(gross_revenue, 0)::decimal(18, 2) as gross_revenue,
    coalesce(discount_amount, 0)::decimal(18, 2) as discount_amount,
    coalesce(refund_amount, 0)::decimal(18, 2) as refund_amount,
    coalesce(gross_revenue - discount_amount - refund_amount, 0)::decimal(18, 2) as net_revenue
from orders
left join summed using (order_id)
order by ordered_at, order_key;

create table landing.truth.daily_revenue as
select
    day_date as date,
    coalesce(sum(gross_revenue), 0)::decimal(18, 2) as gross_revenue,
    coalesce(sum(net_revenue), 0)::decimal(18, 2) as net_revenue
from days
left join landing.truth.orders as sales on day_date = order_date and is_valid
group by day_date
order by day_date;

create table landing.truth.daily_ad_spend as
with
    meta_rated as (
        select meta_days.*, case when currency = 'EUR' then 1 else rate end::decimal(18, 8) as rate
        from meta_days
        asof left join
            exchange_rates
            on meta_days.currency = exchange_rates.from_currency
            and meta_days.day_date >= exchange_rates.rate_date
    )
select
    day_date as date,
    'meta' as platform,
    campaign_id,
    sum(round(major(cents, currency) * rate, 2))::decimal(18, 2) as spend
from meta_rated
group by day_date, campaign_id
union all
select day_date, 'google', campaign_id::varchar, major(sum(cents)::bigint, 'EUR')
from google_hours
group by day_date, campaign_id
order by date, platform, campaign_id;
