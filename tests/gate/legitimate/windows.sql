-- query: running revenue by month
select month, revenue, sum(revenue) over (order by month) as running
from (select date_trunc('month', order_date) as month, sum(net_sales) as revenue from fct_orders group by 1)
order by month

-- query: growth against the month before, with an alias used in the same list
select date_trunc('month', order_date) as month, sum(net_sales) as revenue,
    lag(revenue) over (order by month) as before, round(100 * (revenue - before) / nullif(before, 0), 2) as growth
from fct_orders group by 1 order by 1

-- query: growth against the same month of last year
with months as (select date_trunc('month', order_date) as month, sum(net_sales) as revenue from fct_orders group by all)
select now.month, now.revenue, past.revenue as last_year, now.revenue / past.revenue - 1 as growth
from months as now left join months as past on past.month = now.month - interval 1 year order by 1

-- query: the seven days up to each day
select date, revenue, avg(revenue) over (order by date range between interval 6 days preceding and current row) as week
from fct_marketing_mix_daily order by date

-- query: a named window, used four times
select date, orders, sum(orders) over w as so_far, avg(orders) over w as mean, min(orders) over w, max(orders) over w
from fct_marketing_mix_daily
window w as (partition by date_trunc('month', date) order by date rows unbounded preceding) order by date

-- query: the three best products of each category
select category, product_name, revenue
from (select category, product_name, sum(net_sales) as revenue from fct_sales group by all)
qualify row_number() over (partition by category order by revenue desc, product_name) <= 3
order by category, revenue desc, product_name

-- query: QUALIFY on an alias of the same list
select order_key, country_code, rank() over (partition by country_code order by order_total desc, order_key) as place
from fct_orders qualify place = 1 order by country_code nulls last

-- query: the newest order of each customer
select * exclude (loaded_at, updated_at) from fct_orders
qualify row_number() over (partition by master_customer_id order by ordered_at desc, order_key) = 1
order by order_key limit 50

-- query: deciles of lifetime value
select decile, count(*) as customers, min(lifetime_value), max(lifetime_value), sum(lifetime_value) as worth
from (select lifetime_value, ntile(10) over (order by lifetime_value, master_customer_id) as decile from dim_customers)
group by decile order by decile

-- query: share of a whole and running share, for a Pareto chart
select product_name, revenue, revenue / sum(revenue) over () as share,
    sum(revenue) over (order by revenue desc, product_name) / sum(revenue) over () as running
from (select product_name, sum(net_sales) as revenue from fct_sales group by 1) order by revenue desc, product_name

-- query: days between the orders of a customer
select master_customer_id, order_date, order_date - lag(order_date) over w as days,
    lead(order_date) over w as next, first_value(order_date) over w as first, last_value(channel) over w
from fct_orders window w as (partition by master_customer_id order by ordered_at, order_key)
order by master_customer_id, ordered_at, order_key limit 200

-- query: ranks with ties
select country_code, orders, rank() over w as rank, dense_rank() over w as dense, percent_rank() over w, cume_dist() over w
from (select country_code, count(*) as orders from fct_orders group by 1)
window w as (order by orders desc) order by orders desc, country_code nulls last

-- query: the nearest earlier value that is not null
select date, nullif(meta_clicks, 0) as clicks,
    last_value(nullif(meta_clicks, 0) ignore nulls) over (order by date) as filled
from fct_marketing_mix_daily order by date limit 60

-- query: GROUPS, and a frame without the row itself
select order_date, orders, sum(orders) over (order by order_date groups between 1 preceding and 1 following) as three,
    avg(orders) over (order by order_date rows between 3 preceding and 3 following exclude current row) as around
from (select order_date, count(*) as orders from fct_orders group by 1) order by order_date limit 90

-- query: a window over an aggregate
select channel, date_trunc('quarter', order_date) as quarter, sum(net_sales) as revenue,
    sum(sum(net_sales)) over (partition by quarter) as whole, rank() over (partition by quarter order by sum(net_sales) desc) as place
from fct_orders group by channel, quarter order by quarter, place, channel

-- query: sessions from gaps of more than a day
select master_customer_id, visit, min(occurred_at) as begun, count(*) as events
from (
    select *, count(*) filter (is_new) over (partition by master_customer_id order by occurred_at, event_key) as visit
    from (select *, coalesce(occurred_at - lag(occurred_at) over (partition by master_customer_id order by occurred_at, event_key) > interval 1 day, true) as is_new
        from fct_customer_events where event_type = 'page_view')
) group by all order by 1, 2 limit 100

-- query: islands of days with more than ten orders
with marked as (select date, date - row_number() over (order by date)::int as island from fct_marketing_mix_daily where orders > 10)
select min(date) as first, max(date) as last, count(*) as days from marked group by island order by days desc, first limit 20

-- query: a median over a moving window
select date, revenue, median(revenue) over (order by date rows between 6 preceding and current row) as middle,
    quantile_cont(revenue, 0.9) over (order by date rows 29 preceding) as high
from fct_marketing_mix_daily order by date limit 120

-- query: distinct counts and lists over a window
select country_code, order_date, count(distinct channel) over w as channels, list(channel) over (w rows 2 preceding) as last_three
from fct_orders where country_code = 'FR' window w as (order by ordered_at, order_key) order by ordered_at, order_key limit 40

-- query: FILTER on a window
select date_trunc('month', order_date) as month, count(*) as orders,
    sum(count(*)) filter (month >= date '2025-06-01') over (order by month) as since_june from fct_orders group by 1 order by 1
