-- query: subtotals by ROLLUP
select channel, country_code, sum(net_sales) as revenue, grouping(channel, country_code) as level
from fct_orders group by rollup (channel, country_code) order by level, channel nulls last, country_code nulls last

-- query: every combination by CUBE
select source_system, order_status, is_first_order, count(*) as orders, grouping_id(source_system, order_status, is_first_order)
from fct_orders group by cube (source_system, order_status, is_first_order) order by all

-- query: chosen GROUPING SETS
select channel, date_trunc('year', order_date) as year, sum(quantity)
from fct_orders group by grouping sets ((channel, year), (channel), (year), ()) order by channel nulls last, year nulls last, sum(quantity)

-- query: several filters in one pass
select count(*) as orders, count(*) filter (is_refunded) as refunded, count(*) filter (where is_first_order) as first,
    sum(net_sales) filter (where currency = 'USD') as dollars, avg(order_total) filter (not is_guest) as known
from fct_orders

-- query: shares of two kinds in one row
select channel, round(100.0 * count(*) filter (is_refunded) / count(*), 2) as refund_share,
    sum(refund_amount) / nullif(sum(gross_sales), 0) as refund_rate
from fct_orders group by channel having count(*) > 20 order by refund_share desc, channel

-- query: GROUP BY ALL and ORDER BY ALL
select channel, source_system, count(distinct master_customer_id) as customers, sum(order_total) as total
from fct_orders group by all order by all

-- query: HAVING with a subquery
select country_code, avg(order_total) as mean from fct_orders group by 1
having avg(order_total) > (select avg(order_total) from fct_orders) order by 1

-- query: buckets by CASE
select case when order_total < 50 then 'under 50' when order_total < 150 then '50 to 150' else 'over 150' end as bucket,
    count(*) as orders, sum(order_total) as total
from fct_orders group by bucket order by min(order_total)

-- query: buckets by arithmetic
select floor(order_total / 25) * 25 as from_value, count(*) from fct_orders group by 1 order by 1

-- query: distinct pairs
select count(distinct (channel, country_code)) as pairs, count(distinct channel || '/' || coalesce(country_code, '')) from fct_orders

-- query: the first and last of each group, and the row where something is largest
select channel, first(order_key order by ordered_at, order_key) as first, last(order_key order by ordered_at, order_key) as last,
    arg_max(order_key, (order_total, order_key)) as largest, max_by(country_code, (order_total, order_key)), min(ordered_at), any_value(channel)
from fct_orders group by channel order by channel

-- query: the three largest of each group in one list
select country_code, max(order_total, 3) as three, min(order_total, 2) as two from fct_orders group by 1 order by 1 nulls first

-- query: booleans together
select channel, bool_and(is_refunded) as every, bool_or(is_refunded) as some, count_if(is_guest) as guests, sum(is_first_order::int)
from fct_orders group by 1 order by 1

-- query: a ratio of sums beside an average of ratios
select platform, sum(clicks) / nullif(sum(impressions), 0)::double as rate, avg(clicks / nullif(impressions, 0)) as mean_of_rates
from fct_ads_performance group by platform order by platform

-- query: DISTINCT ON
select distinct on (country_code) country_code, order_key, order_total from fct_orders
order by country_code nulls last, order_total desc, order_key

-- query: strings together
select country_code, string_agg(distinct channel, ', ' order by channel) as channels, count(*) from fct_orders group by 1 order by 1 nulls last

-- query: two levels of aggregation
select orders, count(*) as customers
from (select master_customer_id, count(*) as orders from fct_orders where master_customer_id is not null group by 1)
group by orders order by orders

-- query: customers by cohort and month since
select acquisition_cohort_month as cohort, date_diff('month', acquisition_cohort_month, date_trunc('month', order_date)) as age,
    count(distinct fct_orders.master_customer_id) as active
from fct_orders join dim_customers using (master_customer_id)
where acquisition_cohort_month >= date '2025-06-01' group by all order by cohort, age

-- query: an aggregate of an expression in ORDER BY
select sku from fct_sales group by sku order by sum(net_sales) - sum(discount_amount) desc, sku limit 10

-- query: a nested aggregate by a lateral alias
select channel, sum(spend) as cost, sum(conversions_value) as value, value / nullif(cost, 0) as roas
from fct_ads_performance group by channel order by roas desc nulls last, channel
