-- case: an aggregate is named with its column
select country, sum(lifetime_value) as value, count(*) as people from marts.dim_customers group by 1
-- reads: dim_customers.country dim_customers.lifetime_value
-- output: country = dim_customers.country (plain)
-- output: value = dim_customers.lifetime_value (sum)
-- output: people = (count)

-- case: a distinct count is another aggregate than a count
select count(distinct customer_id) as buyers, count(customer_id) as n from marts.fct_orders
-- reads: fct_orders.customer_id
-- output: buyers = fct_orders.customer_id (count_distinct)
-- output: n = fct_orders.customer_id (count)

-- case: a rounded or cast aggregate is still that aggregate
select round(sum(revenue), 2) as r, sum(revenue)::double as d, mean(quantity) as q from marts.fct_sales
-- reads: fct_sales.quantity fct_sales.revenue
-- output: r = fct_sales.revenue (sum)
-- output: d = fct_sales.revenue (sum)
-- output: q = fct_sales.quantity (avg)

-- case: a ratio of aggregates is neither
select sum(revenue) / sum(quantity) as price from marts.fct_sales
-- reads: fct_sales.quantity fct_sales.revenue
-- output: price = fct_sales.quantity fct_sales.revenue

-- case: a filter inside an aggregate is read
select sum(order_total) filter (where status = 'paid') as paid from marts.fct_orders
-- reads: fct_orders.order_total fct_orders.status
-- output: paid = fct_orders.order_total fct_orders.status (sum)

-- case: an aggregate keeps its name through a CTE
with monthly as (
    select date_trunc('month', ordered_at) as month, sum(order_total) as revenue
    from marts.fct_orders
    group by 1
)
select month, revenue, revenue - lag(revenue) over (order by month) as growth from monthly
-- reads: fct_orders.order_total fct_orders.ordered_at
-- output: month = fct_orders.ordered_at
-- output: revenue = fct_orders.order_total (sum)
-- output: growth = fct_orders.order_total fct_orders.ordered_at

-- case: COLUMNS(*) in an aggregate makes one output a column
select max(columns(*)) from marts.customers
-- reads: customers.country customers.customer_id
-- output: customer_id = customers.customer_id (max)
-- output: country = customers.country (max)

-- case: a PIVOT over listed values makes one output a value
select * from marts.fct_orders pivot (sum(order_total) for status in ('paid', 'refunded') group by channel)
-- reads: fct_orders.channel fct_orders.order_total fct_orders.status
-- output: channel = fct_orders.channel (plain)
-- output: = fct_orders.order_total (sum)
-- output: = fct_orders.order_total (sum)

-- case: an UNPIVOT makes a name and a value
unpivot (select order_id, quantity, revenue from marts.fct_sales) on quantity, revenue into name what value amount
-- reads: fct_sales.order_id fct_sales.quantity fct_sales.revenue
-- output: order_id = fct_sales.order_id (plain)
-- output: what =
-- output: amount = fct_sales.quantity fct_sales.revenue
