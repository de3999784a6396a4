-- query: lists made, sorted, cut and joined
select channel, list(distinct country_code order by country_code) as countries, countries[1], countries[-1], countries[2:3], len(countries),
    array_to_string(countries, '|') as joined
from fct_orders where country_code is not null group by channel order by channel

-- query: a list of structs, then its fields
select c.master_customer_id, list(struct_pack(day := order_date, total := order_total) order by ordered_at, order_key) as orders,
    orders[1].day as first_day, list_transform(orders, lambda x: x.total) as totals, list_sum(totals)
from dim_customers as c join fct_orders as o using (master_customer_id) where c.total_orders > 5 group by 1 order by 1

-- query: filter, reduce, sort and zip
select list_filter(amounts, lambda x: x > 100) as big, list_reduce(amounts, lambda a, b: a + b) as total, list_sort(amounts, 'DESC')[:3] as best,
    list_zip(amounts, range(len(amounts)))[1] as first
from (select channel, list(order_total order by order_key) as amounts from fct_orders where order_date = date '2025-05-05' group by 1 order by 1)

-- query: comprehensions
select channel, [x * 2 for x in list(quantity order by order_key) if x > 1] as doubled from fct_orders where order_date = date '2025-05-05' group by 1 order by 1

-- query: a lambda with its place
select list_transform(['a', 'b'], lambda x, i: x || i) as numbered, list_apply([1, 2], lambda x: x + 1) as shifted

-- query: unnest beside columns, and with an order
select sku, word, place from dim_products, unnest(string_split(product_name, ' ')) with ordinality as words(word, place) order by sku nulls last, product_key, place

-- query: unnest in SELECT
select distinct unnest(string_split(lower(product_name), ' ')) as word from dim_products order by 1

-- query: structs
select {'sku': sku, 'who': {'vendor': vendor}} as s, (s).who.vendor as vendor, s['sku'], struct_keys(s), row(sku, vendor) from dim_products order by product_key limit 10

-- query: struct spread into columns
select unnest(struct_pack(one := sku, other := category)) from dim_products order by product_key limit 10

-- query: a row of a mart as a struct
select p.sku, p.category = (p).category as same, to_json(p)->>'vendor' as vendor from dim_products as p order by product_key limit 10

-- query: maps
select map_from_entries(list((category, products) order by category)) as m, m['Packs'] as packs, map_keys(m), cardinality(m), element_at(m, 'none')
from (select category, count(*) as products from dim_products where category is not null group by 1)

-- query: histogram as a map, and its entries
select map_entries(histogram(order_status)) as entries, map_keys(histogram(order_total, [50, 100, 200])) as bounds from fct_orders

-- query: sets of lists
select list_intersect(['a', 'b'], ['b', 'c']) as both, ['a', 'b'] && ['b'] as touch, [1, 2, 3] @> [2] as holds, list_distinct([1, 1, 2]).list_sort() as once,
    list_has_all([1, 2], [1]) as every, list_contains(['x'], 'x'), list_position(['x', 'y'], 'y'), list_unique([1, 1]), flatten([[1], [2, 3]]), [1] || [2]

-- query: aggregates over lists
select list_aggregate([1, 2, 3, 4], 'median') as middle, list_avg([1, 2]), list_min([2, 1]), list_aggregate(['b', 'a'], 'string_agg', '-'), list_any_value([null, 1]),
    list_stddev_samp([1, 2, 3]), list_last([1, 2]), array_length([1, 2])

-- query: arrays of fixed length
select array_distance([1, 2]::float[2], [4, 6]::float[2]) as away, array_cosine_similarity(array_value(1.0::float, 0.0), array_value(0.0::float, 1.0)), [1, 2]::integer[2]

-- query: an array made of a subquery
select category, array(select sku from dim_products as p where p.category = c.category and sku is not null order by sku limit 3) as some
from (select distinct category from dim_products) as c order by category nulls last

-- query: the path of channels to a first order
select path, count(*) as customers from (
    select e.master_customer_id, list(e.channel order by e.occurred_at, e.event_key)[:4] as path
    from fct_customer_events as e join dim_customers as c using (master_customer_id)
    where e.event_type = 'page_view' and e.event_sequence_number <= 4 group by 1
) group by path order by customers desc, path::varchar limit 20
