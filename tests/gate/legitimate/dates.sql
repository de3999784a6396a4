-- query: a recursive spine of days, so that empty days show
with recursive days(day) as (
    select date '2025-02-01' union all select (day + interval 1 day)::date from days where day < date '2025-02-28'
)
select day, count(order_key) as orders, coalesce(sum(net_sales), 0) as revenue
from days left join fct_orders on order_date = day group by day order by day

-- query: a spine of months by generate_series
select month::date as month, count(order_key) from generate_series(date '2025-01-01', date '2025-12-01', interval 1 month) as spine(month)
left join fct_orders on date_trunc('month', order_date) = month group by 1 order by 1

-- query: a spine by range over timestamps
select hour, count(*) from (select unnest(range(timestamp '2025-05-01', timestamp '2025-05-03', interval 6 hours)) as hour)
join fct_orders on ordered_at >= hour and ordered_at < hour + interval 6 hours group by hour order by hour

-- query: parts of a date
select year(order_date) as y, quarter(order_date) as q, month(order_date), isodow(order_date), week(order_date), dayofyear(order_date),
    extract(dow from order_date), date_part('decade', order_date), dayname(order_date), monthname(order_date), yearweek(order_date), count(*)
from fct_orders group by all order by all limit 100

-- query: truncation and buckets
select date_trunc('week', ordered_at) as week, time_bucket(interval '14 days', order_date) as fortnight, last_day(order_date) as month_end, count(*)
from fct_orders group by all order by all limit 100

-- query: differences
select sum(date_diff('day', first_order_date, last_order_date)) as days, max(datediff('month', first_seen_date, last_seen_date)),
    sum(date_sub('week', first_order_date, last_order_date)), max(last_order_date - first_order_date)
from dim_customers

-- query: intervals of every kind
select order_date + 7, order_date - interval 1 month, order_date + interval '2 weeks', order_date + to_days(3), ordered_at + interval (quantity) hours,
    age(ordered_at, timestamp '2024-01-01')::varchar, date_add(order_date, interval 1 year)
from fct_orders order by order_key limit 20

-- query: time zones
select ordered_at at time zone 'UTC' at time zone 'Europe/Berlin' as berlin, timezone('America/New_York', ordered_at at time zone 'UTC') as new_york
from fct_orders order by order_key limit 20

-- query: text to dates and back
select strftime(order_date, '%d.%m.%Y') as german, strptime(german, '%d.%m.%Y')::date = order_date as same, try_strptime('never', '%Y') as nothing,
    make_date(year(order_date), 1, 1) as new_year, order_date::varchar, epoch(ordered_at), to_timestamp(epoch(ordered_at)) = ordered_at at time zone 'UTC'
from fct_orders order by order_key limit 20

-- query: this period against the one before, by conditions
select sum(net_sales) filter (order_date >= date '2026-01-01' and order_date < date '2026-04-01') as this_quarter,
    sum(net_sales) filter (order_date between date '2025-10-01' and date '2025-12-31') as before from fct_orders

-- query: year to date against last year to date
with bounds as (select max(order_date) as today, date_trunc('year', max(order_date)) as start from fct_orders)
select sum(net_sales) filter (order_date between start and today) as ytd,
    sum(net_sales) filter (order_date between start - interval 1 year and today - interval 1 year) as last_year
from fct_orders, bounds

-- query: weekdays against weekends, without holidays
select is_weekend, avg(orders) from fct_marketing_mix_daily join dim_date on date_day = date where not dim_date.is_holiday group by 1 order by 1

-- query: orders by hour of the day as text and number
select hour(ordered_at) as hour, lpad(hour::varchar, 2, '0') || ':00' as label, count(*) from fct_orders group by all order by all

-- query: several parts at once
select date_part(['year', 'month'], order_date) as parts, count(*) from fct_orders group by 1 order by parts

-- query: retention after thirty days
select acquisition_cohort_month, count(*) as customers,
    count(*) filter (exists (from fct_orders o where o.master_customer_id = c.master_customer_id and o.order_date > c.first_order_date + 30)) as later
from dim_customers as c where first_order_date is not null group by 1 order by 1
