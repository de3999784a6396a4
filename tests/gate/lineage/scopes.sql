-- case: a CTE with the name of a mart is the CTE after it and the mart inside
with customers as (select country from marts.customers) select * from customers
-- reads: customers.country
-- output: country = customers.country (plain)

-- case: a correlated subquery reads both sides
select c.customer_id, (select max(o.ordered_at) from marts.fct_orders as o where o.customer_id = c.customer_id) as last
from marts.customers as c
-- reads: customers.customer_id fct_orders.customer_id fct_orders.ordered_at
-- output: customer_id = customers.customer_id (plain)
-- output: last = fct_orders.ordered_at

-- case: a lateral subquery sees what stands before it
select x.n from marts.customers as c, lateral (select c.customer_id + 1 as n) as x
-- reads: customers.customer_id
-- output: n = customers.customer_id

-- case: a column of a nested table function comes from its argument
select tag from marts.dim_customers as c, unnest(c.tags) as t(tag)
-- reads: dim_customers.tags
-- output: tag = dim_customers.tags

-- case: an alias of SELECT may be used further on
select sum(order_total) as total, total / count(*) as average from marts.fct_orders having total > 1
-- reads: fct_orders.order_total
-- output: total = fct_orders.order_total (sum)
-- output: average = fct_orders.order_total

-- case: a set operation joins the sources of both sides
select customer_id as id from marts.customers union all select order_id from marts.fct_orders
-- reads: customers.customer_id fct_orders.order_id
-- output: id = customers.customer_id fct_orders.order_id (plain)

-- case: a union by name joins by name
select 1 as a, country as b from marts.customers union all by name select status as b from marts.fct_orders
-- reads: customers.country fct_orders.status
-- output: a =
-- output: b = customers.country fct_orders.status (plain)

-- case: a recursive CTE is followed through its first half
with recursive chain(id, step) as (
    select customer_id, 1 from marts.customers
    union all
    select id, step + 1 from chain where step < 3
)
select id, step from chain
-- reads: customers.customer_id
-- output: id = customers.customer_id (plain)
-- output: step =

-- case: a name that DuckDB makes up is not refused
select "count_star()" from (select count(*) from marts.customers)
-- reads:
-- output: count_star() =

-- case: a window reads what it is ordered by
select row_number() over (partition by channel order by ordered_at) as place from marts.fct_orders
-- reads: fct_orders.channel fct_orders.ordered_at
-- output: place = fct_orders.channel fct_orders.ordered_at

-- case: QUALIFY and ORDER BY read
select order_id from marts.fct_orders qualify row_number() over (order by status) = 1 order by channel
-- reads: fct_orders.channel fct_orders.order_id fct_orders.status
-- output: order_id = fct_orders.order_id (plain)

-- case: an array made of a subquery is made of what is selected there
select array(select channel from marts.fct_orders where status = 'paid') as channels
-- reads: fct_orders.channel fct_orders.status
-- output: channels = fct_orders.channel
