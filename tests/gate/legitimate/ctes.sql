-- query: a chain of four
with
    orders as (select * from fct_orders where not is_guest),
    by_customer as (select master_customer_id, count(*) as n, sum(net_sales) as worth from orders group by 1),
    classes as (select *, case when n >= 3 then 'loyal' when n = 2 then 'back' else 'once' end as class from by_customer),
    final as (select class, count(*) as customers, sum(worth) as worth from classes group by class)
select *, worth / sum(worth) over () as share from final order by class

-- query: a CTE with the name of a mart
with fct_orders as (select * from marts.fct_orders where is_refunded) select count(*), sum(refund_amount) from fct_orders

-- query: materialized, and not
with a as materialized (select channel, order_total from fct_orders), b as not materialized (select * from a where order_total > 100)
select channel, count(*) from b group by 1 order by 1

-- query: columns named by the CTE
with totals(name, amount) as (select channel, sum(order_total) from fct_orders group by 1) select name, amount from totals order by amount desc, name

-- query: a CTE inside a CTE, and one inside a subquery
with outer_one as (with inner_one as (select 1 as a) select a + 1 as b from inner_one)
select b, (with deep as (select b * 2 as c from outer_one) select c from deep) as c from outer_one

-- query: recursion that counts
with recursive numbers(n, factorial) as (select 1, 1::hugeint union all select n + 1, factorial * (n + 1) from numbers where n < 20)
select * from numbers order by n

-- query: recursion over a chain, with its path
with recursive steps as (
    select 1 as step, ['start'] as path union all select step + 1, list_append(path, 'step ' || step) from steps where step < 5
)
select step, array_to_string(path, ' > ') as path from steps order by step

-- query: recursion with UNION ends by itself
with recursive ring(n) as (select 0 union select (n + 7) % 24 from ring) select count(*), max(n) from ring

-- query: recursion with a key
with recursive best(id, value) using key (id) as (select 1, 10 union select id, value + 5 from best where value < 30) select * from best

-- query: two recursions in one list
with recursive a(n) as (select 1 union all select n + 1 from a where n < 3), b(m) as (select n * 10 from a union all select m + 1 from b where m < 12) select * from b order by m

-- query: a funnel by CTEs
with views as (select distinct master_customer_id from fct_customer_events where event_type = 'page_view'),
    buyers as (select distinct master_customer_id from fct_orders)
select (select count(*) from views) as viewed, (select count(*) from views join buyers using (master_customer_id)) as bought

-- query: sets, each in its way
select channel from fct_orders union select channel from fct_ads_performance order by 1

-- query: UNION ALL BY NAME
select channel, count(*) as orders from fct_orders group by 1 union all by name select count(*) as ads, channel from fct_ads_performance group by 2 order by channel, orders nulls last

-- query: EXCEPT and INTERSECT
(select sku from dim_products except select sku from fct_sales) union all (select sku from dim_products intersect select sku from fct_sales where quantity > 3) order by 1 nulls first

-- query: EXCEPT ALL and INTERSECT ALL
select count(*) from (select currency from fct_orders except all select currency from fct_sales limit 10), (select currency from fct_orders intersect all select currency from fct_sales limit 10)

-- query: branches with their own ORDER and LIMIT
(select 'top' as kind, channel, sum(net_sales) as revenue from fct_orders group by 2 order by 3 desc limit 2)
union all (select 'low', channel, sum(net_sales) from fct_orders group by 2 order by 3 limit 2) order by kind, revenue, channel
