-- case: a column as it is stored keeps its meaning, also under another name
select order_id, status as state from marts.fct_orders
-- reads: fct_orders.order_id fct_orders.status
-- output: order_id = fct_orders.order_id (plain)
-- output: state = fct_orders.status (plain)

-- case: a column of a filter is read and makes no output
select order_id from marts.fct_orders where status = 'paid' order by ordered_at
-- reads: fct_orders.order_id fct_orders.ordered_at fct_orders.status
-- output: order_id = fct_orders.order_id (plain)

-- case: a star reads every column, in order
from marts.customers
-- reads: customers.country customers.customer_id
-- output: customer_id = customers.customer_id (plain)
-- output: country = customers.country (plain)

-- case: an expression is made of its columns and is not plain
select quantity * unit_price as gross from marts.fct_sales
-- reads: fct_sales.quantity fct_sales.unit_price
-- output: gross = fct_sales.quantity fct_sales.unit_price

-- case: EXCLUDE, REPLACE and RENAME change what a star gives
select * exclude (country) replace (customer_id + 1 as customer_id) from marts.customers
-- reads: customers.customer_id
-- output: customer_id = customers.customer_id

-- case: a renamed star column keeps its meaning
select * rename (country as land) from marts.customers
-- reads: customers.country customers.customer_id
-- output: customer_id = customers.customer_id (plain)
-- output: land = customers.country (plain)

-- case: USING gives its column once
select * from marts.customers join marts.dim_customers using (customer_id, country)
-- reads: all of customers dim_customers
-- output: customer_id = customers.customer_id (plain)
-- output: country = customers.country (plain)
-- output: first_seen_date = dim_customers.first_seen_date (plain)
-- output: first_touch_channel = dim_customers.first_touch_channel (plain)
-- output: lifetime_value = dim_customers.lifetime_value (plain)
-- output: total_orders = dim_customers.total_orders (plain)
-- output: attrs = dim_customers.attrs (plain)
-- output: tags = dim_customers.tags (plain)

-- case: a semi join shows its left side alone and reads its key on both
select * from marts.customers semi join marts.fct_orders using (customer_id)
-- reads: customers.country customers.customer_id fct_orders.customer_id
-- output: customer_id = customers.customer_id (plain)
-- output: country = customers.country (plain)

-- case: a field of a struct is made of its column and is not plain
select attrs.plan from marts.dim_customers
-- reads: dim_customers.attrs
-- output: plan = dim_customers.attrs

-- case: a row as a value is made of every column
select c from marts.customers as c
-- reads: customers.country customers.customer_id
-- output: c = customers.country customers.customer_id

-- case: a fully written column is found
select serving.marts.customers.country, marts.customers.country from marts.customers
-- reads: customers.country
-- output: country = customers.country (plain)
-- output: country = customers.country (plain)

-- case: column aliases of a table are followed
select b from marts.customers as c(a, b)
-- reads: customers.country
-- output: b = customers.country (plain)

-- case: values that no mart holds have no source
select 1 as one, current_date as today, i from range(3) as given(i)
-- reads:
-- output: one =
-- output: today =
-- output: i =

-- case: a lambda's parameter is no column
select list_transform(tags, lambda country: upper(country)) as upper_tags from marts.dim_customers
-- reads: dim_customers.tags
-- output: upper_tags = dim_customers.tags

-- case: a method reads the column it is called on
select country.upper() as land from marts.customers
-- reads: customers.country
-- output: land = customers.country

-- case: DESCRIBE reads no row and SUMMARIZE reads all of it
summarize marts.customers
-- reads: customers.country customers.customer_id
-- output: column_name =
-- output: column_type =
-- output: min =
-- output: max =
-- output: approx_unique =
-- output: avg =
-- output: std =
-- output: q25 =
-- output: q50 =
-- output: q75 =
-- output: count =
-- output: null_percentage =

-- case: a table that is spread by a chosen set of columns is not followed
select columns('c.*') from marts.customers
-- reads: all of customers
-- unknown

-- case: a struct that is spread into columns is not followed
select unnest(attrs) from marts.dim_customers
-- reads: all of dim_customers
-- unknown
