-- query: orders, customers and days in one star
select d.iso_year, d.iso_week, c.customer_type, count(*) as orders, sum(o.net_sales) as revenue
from fct_orders as o
left join dim_customers as c on c.master_customer_id = o.master_customer_id
inner join dim_date as d on d.date_day = o.order_date
group by all order by all limit 200

-- query: added up on the smaller side before joining
with lines as (select order_key, sum(net_sales) as net, sum(quantity) as pieces from fct_sales group by order_key)
select o.channel, sum(o.net_sales) as orders, sum(lines.net) as lines, sum(lines.pieces) from fct_orders as o
left join lines using (order_key) group by o.channel order by 1

-- query: spend beside revenue, day by day
select date, coalesce(ads.spend, 0) as spend, coalesce(sold.revenue, 0) as revenue
from (select date, sum(spend) as spend from fct_ads_performance group by 1) as ads
full outer join (select order_date as date, sum(net_sales) as revenue from fct_orders group by 1) as sold using (date)
order by date

-- query: days without an order
select date_day from dim_date left join fct_orders on order_date = date_day
where order_key is null and date_day between date '2025-01-01' and date '2025-12-31' order by 1

-- query: SEMI and ANTI
select (select count(*) from dim_customers semi join fct_orders using (master_customer_id)) as buyers,
    (select count(*) from dim_customers anti join fct_orders using (master_customer_id)) as others

-- query: EXISTS and NOT EXISTS
select count(*) from dim_customers as c
where exists (select 1 from fct_orders as o where o.master_customer_id = c.master_customer_id and o.is_refunded)
    and not exists (from fct_orders as o where o.master_customer_id = c.master_customer_id and o.channel = 'meta')

-- query: ASOF: the last page view before each order
select o.order_key, e.event_key, epoch(o.ordered_at - e.occurred_at) as ago
from (select * from fct_orders where master_customer_id is not null order by order_key limit 500) as o
asof join (select * from fct_customer_events where event_type = 'page_view') as e
    on o.master_customer_id = e.master_customer_id and o.ordered_at >= e.occurred_at
order by o.order_key

-- query: ASOF LEFT with USING
select a.date, a.target, b.orders from (select unnest([date '2025-03-01', date '2025-06-15', date '1999-01-01']) as date, 5 as target) as a
asof left join fct_marketing_mix_daily as b using (date) order by a.date

-- query: a lateral top two
select c.country_code, top.order_key, top.order_total
from (select distinct country_code from fct_orders where country_code is not null) as c,
    lateral (select order_key, order_total from fct_orders as o where o.country_code = c.country_code order by order_total desc, order_key limit 2) as top
order by 1, 3 desc, 2

-- query: a left lateral join
select p.sku, last.order_date from dim_products as p
left join lateral (select max(order_date) as order_date from fct_sales as s where s.product_key = p.product_key) as last on true order by p.sku nulls last, 2

-- query: products bought together
select a.category as one, b.category as other, count(distinct a.order_key) as orders
from fct_sales as a inner join fct_sales as b on a.order_key = b.order_key and a.category < b.category
group by all order by orders desc, one, other

-- query: a join of unequal values
select count(*) from (from fct_marketing_mix_daily limit 60) as a join (from fct_marketing_mix_daily limit 60) as b on a.date < b.date and a.orders > b.orders

-- query: CROSS JOIN of two small sets
select source.source_system, day.d, count(o.order_key) as orders
from (select distinct source_system from fct_orders) as source
cross join range(date '2025-05-01', date '2025-05-08', interval 1 day) as day(d)
left join fct_orders as o on o.source_system = source.source_system and o.order_date = day.d
group by all order by all

-- query: NATURAL and POSITIONAL
select count(*), (select count(*) from (from dim_products limit 3) as a positional join (from dim_date limit 5) as b) as beside
from (select sku, category from dim_products) natural join (select distinct sku from fct_sales)

-- query: IN with rows, and with a subquery
select count(*) from fct_orders
where (channel, currency) in (('meta', 'EUR'), ('direct', 'USD'))
    and order_key in (select order_key from fct_sales where category = 'Packs')

-- query: ANY, ALL and SOME
select count(*) from dim_customers
where lifetime_value > all (select avg(order_total) from fct_orders group by channel)
    and country_code = any (select country_code from fct_orders) and total_orders >= some (select 2)

-- query: a correlated subquery in SELECT
select c.master_customer_id, (select count(*) from fct_orders as o where o.master_customer_id = c.master_customer_id and o.order_total > c.average_order_value) as above
from dim_customers as c where c.total_orders > 3 order by 1

-- query: orders above the average of their country
select count(*) from fct_orders as o where order_total > (select avg(order_total) from fct_orders as i where i.country_code = o.country_code)

-- query: names with schema and database
select fct_orders.channel, marts.dim_customers.customer_type, count(*)
from serving.marts.fct_orders inner join marts.dim_customers on fct_orders.master_customer_id = dim_customers.master_customer_id
group by all order by all

-- query: quoted names, and a column that begins with a digit
select sum("60_day_LTV") as "60 days", sum(dim_customers."ltv_60_day") = sum(ltv_60_day) as "same?" from "dim_customers"
