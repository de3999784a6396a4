select repeat(repeat('x', 10000), 10000)
select repeat(repeat(repeat('x', 10000), 10000), 10000)
select repeat(a, 10000) from (select repeat('x', 10000) as a)
select length('x'.repeat(10000).repeat(10000).repeat(10000))
select len(range(cast('9000000000' as bigint)))
select len(range(10000000 * 1000))
select len(range(timestamp '1000-01-01', timestamp '9000-01-01', interval 1 second))
select len(generate_series(date '1000-01-01', date '9000-01-01', interval 1 minute))
select count(*) from range(10000000) a, range(10000000) b, range(10000000) c
select count(*) from generate_series(1, 10000000) a(i) join generate_series(1, 10000000) b(i) on a.i <> b.i
select list_transform(range(10000000), lambda x: range(10000000))
select list_transform(range(1000000), lambda x: list_transform(range(1000000), lambda y: x + y))
select [x for x in range(10000000) if [y for y in range(10000000) if y = x] is not null]
select list_sort(range(10000000))[1]
select list_distinct(list_concat(range(9000000), range(9000000)))
select string_agg(i::varchar, ',') from range(10000000) t(i)
select list(i) from range(10000000) t(i), range(100) u(j)
select histogram(i) from range(10000000) t(i)
select array_agg(repeat('x', 10000)) from range(1000000)
select to_json(list(c)) from marts.fct_orders a, marts.fct_orders c
select json_group_array(a.payload_json) from marts.fct_orders a, marts.fct_orders b
with recursive r as (select 'x' as a union all select a || a from r) select max(length(a)) from r
with recursive r as (select [1] as a union all select list_concat(a, a) from r) select max(len(a)) from r
with recursive r(n) as (select 1 union all select n + 1 from r) select * from r
with recursive r(n) as (select 1 union select n + 1 from r) select count(*) from r
with recursive r(n) using key (n) as (select 1 union select n + 1 from r) select count(*) from r
with recursive r as (select 1 as n union all (select n from r union all select n from r)) select count(*) from r
with recursive r as (select 1 as n union all (with recursive s as (select n from r union all select n + 1 from s) select n from s)) from r limit 1
select factorial(33), factorial(100)
select 2 ** 1000000
select pow(10, 400)
select 10 ** 38 * 10 ** 38
select (1::hugeint << 126) * 4
select regexp_replace(repeat('a', 10000), '(a+)+$', 'b')
select regexp_matches(repeat('a', 10000) || 'b', '^(a|a)*$')
select regexp_extract_all(repeat('a', 10000), '(.{1,900})')
select regexp_matches('a', '((((a{1,100}){1,100}){1,100}){1,100})')
select 'a' similar to '(((a{1,100}){1,100}){1,100})'
select 'a' like repeat('%a', 10000)
select repeat('a', 10000) like repeat('%a', 10000) || 'b'
select levenshtein(repeat('a', 10000), repeat('b', 10000))
select jaccard(repeat('a', 10000), repeat('b', 10000))
select damerau_levenshtein(repeat('a', 10000), repeat('b', 10000))
select damerau_levenshtein(repeat('a', 10000) || repeat('c', 10000), repeat('b', 10000) || repeat('c', 10000)) from marts.fct_orders
select jaro_winkler_similarity(repeat('a', 10000) || order_id, repeat('b', 10000)) from marts.fct_orders
select split(repeat('a,', 10000), ',')
select len(string_split(string_agg(repeat('a,', 10000), ''), ',')) from range(100000)
select replace(replace(replace(repeat('a', 10000), 'a', repeat('b', 10000)), 'b', repeat('c', 10000)), 'c', 'd')
select translate(repeat('a', 10000), 'a', repeat('b', 10000))
select to_base64(repeat('a', 10000)::blob)
select url_encode(url_encode(url_encode(repeat('%', 10000))))
select json(repeat('[', 10000) || repeat(']', 10000))
select json_extract(repeat('{"a":', 10000) || '1' || repeat('}', 10000), '$.a')
select json_valid(repeat('[', 10000) || repeat('[', 10000))
select json_keys(repeat('{"a":', 10000) || '1' || repeat('}', 10000))
select json_type(repeat('[', 10000) || repeat(']', 10000))
select json_extract(repeat('[', 10000) || repeat(']', 10000), '$' || repeat('[0]', 10000))
select json_extract_string(repeat('[', 10000) || repeat(']', 10000), '$..a')
select json_array_length(repeat('[', 10000) || repeat(']', 10000))
select json_quote(json_quote(json_quote(repeat('"', 10000))))
select json_set(repeat('[', 10000) || repeat(']', 10000), '$[0]', 1)
select json_remove(repeat('[', 10000) || repeat(']', 10000), '$[0]')
select json_insert(repeat('[', 10000) || repeat(']', 10000), '$[0]', 1)
select json_replace(repeat('{"a":', 10000) || '1' || repeat('}', 10000), '$.a.a', 2)
select json_value(repeat('[', 10000) || repeat(']', 10000), '$[0]')
select json_exists(repeat('[', 10000) || repeat(']', 10000), '$[0]')
select (repeat('[', 10000) || repeat(']', 10000))::json
select (repeat('[', 10000) || repeat(']', 10000))::json::varchar[]
select (repeat('{"a":', 10000) || '1' || repeat('}', 10000))::json::struct(a json)
select (repeat('[', 10000) || repeat(']', 10000))::json::json[][][][]
select cast(repeat('[', 10000) || repeat(']', 10000) as int[][])
select cast(repeat('{a:', 10000) as struct(a varchar))
select (replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json
select json_array_length(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))
select json_extract(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)), '$[0]')
select json_keys(replace(repeat('a', 10000), 'a', repeat('{"a":', 100)) || '1' || replace(repeat('a', 10000), 'a', repeat('}', 100)))
select json_set(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)), '$[0]', 1)
select json_remove(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)), '$[0]')
select to_json(replace(repeat('a', 10000), 'a', repeat('[', 100))::json)
select json_group_array(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))
select json_value(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)), '$[0][0]')
select json_type(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))
select json_quote((replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json)
from json_each(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))
select json_object('a', (replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json)
select (replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json = '[]'::json
select json_exists(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)), '$[0]')
select json_array((replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json)
select (replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::int[][][]
select json_extract_path(replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)), '0')
select row_to_json({'a': (replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json})
select (replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json -> 0
select (replace(repeat('a', 10000), 'a', repeat('[', 100)) || replace(repeat('a', 10000), 'a', repeat(']', 100)))::json ->> '$[0]'
select count(*) from marts.fct_sales group by cube (sale_id, order_id, sku, sale_date, quantity, unit_price, revenue)
select count(*) from marts.fct_orders a positional join range(10000000)
select * from marts.fct_orders a, marts.fct_orders b, marts.fct_orders c order by a.payload_json || b.payload_json limit 1
select quantile_cont(i, range(100000)::double[]) from range(1000) t(i)
select quantile_cont(order_id, list_transform(range(100000), lambda x: x / 100000.0)) from marts.fct_orders
select approx_quantile(order_id, 0.5), approx_top_k(order_id, 1000000000) from marts.fct_orders
select lttb(order_id, order_id, 1000000000) from marts.fct_orders
select reservoir_quantile(order_id, 0.5, 1000000000) from marts.fct_orders
select max(order_id, 1000000000) from marts.fct_orders
select arg_max(order_id, order_id, 1000000000) from marts.fct_orders
select min_by(order_id, order_id, 9000000000) from marts.fct_orders
select ntile(9000000000) over (order by order_id) from marts.fct_orders
select lag(order_id, 9000000000) over (order by order_id) from marts.fct_orders
select nth_value(order_id, 9000000000) over (order by order_id) from marts.fct_orders
select sum(a.order_id) over (order by a.order_id range between unbounded preceding and unbounded following exclude ties) from marts.fct_orders a, marts.fct_orders b
select mode(a.order_id) over (order by b.order_id rows between unbounded preceding and current row) from marts.fct_orders a, marts.fct_orders b
select list(a.payload_json) over (order by a.order_id rows between unbounded preceding and current row) from marts.fct_orders a, marts.fct_orders b
select quantile_cont(order_id, 0.5) over (order by order_id rows between 1000 preceding and 1000 following exclude current row) from marts.fct_orders, range(1000)
from marts.fct_orders limit 9000000000 offset 9000000000
pivot marts.fct_orders on order_id using count(*)
pivot marts.fct_orders on order_id, channel, status using count(*)
pivot (from range(100000) t(i)) on i using count(*)
pivot (from range(10000000) t(i)) on i using count(*)
pivot (select repeat('x', 10000) || i as k from range(1000) t(i)) on k using count(*)
select columns(*), columns(*), columns(*), columns(*) from marts.fct_orders a, marts.fct_orders b, marts.fct_orders c
select strftime(now(), repeat('%Y', 10000))
select strptime(repeat('2024', 10000), repeat('%Y', 10000))
select md5_number(repeat('x', 10000)), sha256(repeat('x', 10000))
select chr(0), chr(-1), chr(99999999999)
select substr(repeat('x', 10000), -9223372036854775808, 9223372036854775807)
select 'abc'[-9223372036854775808:9223372036854775807]
select ([1,2,3])[-9223372036854775808:9223372036854775807:1]
select list_slice([1,2,3], 1, 3, 0)
select list_slice([1,2,3], -9223372036854775808, 9223372036854775807, -9223372036854775808)
select array_value(1,2,3)::int[3]::int[100000000]
select null::int[1000000000]
select cast(null as int[2147483647])
select [1]::int[100000]
select null::decimal(38, 38), 1::decimal(38,37)
select null::varchar[1000][1000][1000][1000]
select null::struct(a int[100000][100000])
select interval '999999999999' year
select to_years(999999999)
select date '2024-01-01' + interval 999999999 years
select date_trunc('month', 'infinity'::timestamp), age('infinity'::timestamp)
select time_bucket(interval '0 days', timestamp '2024-01-01')
select time_bucket(interval '1 microsecond', timestamp '2024-01-01')
select range(timestamp '2024-01-01', timestamp '2024-01-02', interval '0 days')
select generate_series(date '2024-01-01', date '2024-01-02', interval '1 microsecond')
select from_hex(repeat('f', 10000)), unbin(repeat('1', 10000))
select uuid() from range(10000000)
select bit_count(repeat('1', 10000)::bit), set_bit('1'::bit, 9000000000, 1)
select overlay('a' placing repeat('x', 10000) from 1 for 1000000000)
select map_from_entries(list_transform(range(1000000), lambda x: {'k': x, 'v': x}))
select map(range(1000000), range(1000000))
select struct_pack(a := range(10000000), b := range(10000000))
select unnest(range(10000000)), unnest(range(10000000))
select unnest([[[[[[1]]]]]], recursive := true), unnest(range(10000000))
select list_zip(range(10000000), range(10000000))
select list_cosine_similarity(range(10000000), range(10000000))
select flatten(list_transform(range(10000), lambda x: range(10000)))
select list_aggregate(range(10000000), 'histogram')
select list_reduce(range(10000000), lambda a, b: a || b, '')
select list_reduce(['a'] || list_transform(range(100000), lambda x: 'y'), lambda a, b: a || a)
select list_reduce(list_transform(range(60), lambda x: 'y'), lambda a, b: a || a)
select concat_ws(repeat(',', 10000), *columns(*)) from marts.fct_orders
select greatest(*columns(*)) from marts.customers
select sum(1) over (rows between 9223372036854775807 preceding and 9223372036854775807 following) from marts.customers
select array_to_string(range(10000000), repeat(',', 10000))
select string_agg(country, repeat(',', 10000)) from marts.customers, range(1000000)
select list_transform(range(10000000), lambda x: repeat('y', 10000))
select (select max(a.order_id + b.order_id) from marts.fct_orders b, marts.fct_orders c where b.order_id <> a.order_id) from marts.fct_orders a
select count(distinct a.payload_json || b.payload_json) from marts.fct_orders a, marts.fct_orders b
select * from marts.fct_orders a asof join marts.fct_orders b on a.payload_json || repeat('x', 10000) >= b.payload_json || repeat('x', 10000)
select parse_path(repeat('/a', 10000)), parse_filename(repeat('/a', 10000))
select length_grapheme(repeat('e' || chr(769), 10000))
select strip_accents(repeat('é', 10000)), nfc_normalize(repeat('é', 10000))
select path_join(repeat('a', 10000), repeat('b', 10000))
