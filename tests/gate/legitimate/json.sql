-- query: JSON made, and read by arrow and path
select j->>'$.sku' as sku, j->'$.who'->>'vendor' as vendor, j->>'who.vendor' as dotted, json_extract_string(j, '$.who.vendor'), (j->'$.sizes[1]')::int as size
from (select json_object('sku', sku, 'who', json_object('vendor', vendor), 'sizes', json_array(1, 2)) as j, product_key from dim_products) order by product_key

-- query: types and keys
select json_keys(j) as keys, json_type(j, '$.a') as kind, json_array_length(j, '$.b') as size, json_valid('{') as broken, json_exists(j, '$.c')
from (select '{"a": 1.5, "b": [1, 2, 3]}'::json as j)

-- query: several paths at once
select json_extract(j, ['$.a', '$.b[0]', '$.c']) as found, json_value(j, '$.a') as one from (select '{"a": 1, "b": ["x"]}' as j)

-- query: JSON to a struct
select (j::json::struct(a integer, b varchar[])).b[1] as first from (values ('{"a": 1, "b": ["x", "y"]}'), ('{"a": 2, "b": []}')) as v(j) order by 1 nulls last

-- query: each element a row
select p.category, e.key, e.value from (select category, to_json(list(sku order by sku)) as skus from dim_products where sku is not null group by 1) as p,
    json_each(p.skus) as e order by p.category, e.key::int

-- query: groups as JSON
select json_group_array(category) as all_of_them, json_group_object(category, n) as counts
from (select category, count(*) as n from dim_products where category is not null group by 1 order by 1)

-- query: rows as JSON
select row_to_json(p) as j, (row_to_json(p)->>'is_deleted')::boolean as gone from (select sku, is_deleted, first_sold_date from dim_products order by product_key limit 5) as p

-- query: JSON changed
select json_set(j, '$.b', '2') as with_b, json_remove(j, '$.a') as without_a from (select '{"a": 1}'::json as j)

-- query: lists from JSON
select list_transform((j->'$.items')::json[], lambda x: (x->>'$.price')::decimal(10, 2)).list_sum() as total
from (select '{"items": [{"price": "1.50"}, {"price": 2}]}'::json as j)

-- query: fields by dots
select j.a.b::varchar as b from (select '{"a": {"b": 7}}'::json as j)
