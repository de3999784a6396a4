-- attack: a table that is not published, wherever a table or a subquery may stand
-- expect: sql.unknown_mart
table raw.customers
(table raw.customers)
from serving.raw.customers
from "serving"."raw"."customers"
from marts.raw.customers
from serving.customers
from main.customers
from temp.customers
from system.main.sqlite_master
from memory.main.x
from "marts"."customers"."x"
from "marts.customers"
from "serving.marts.customers"
from 'marts.customers'
select * from marts.customers as c, (values ((select max(token) from app_tokens))) v(a)
select customers.* from marts.customers join app_tokens on true
select * from marts.customers where (customer_id, country) in (select payment_id, card_number from raw.payments)
select * from marts.customers where customer_id = any(select payment_id from raw.payments)
select * from marts.customers where customer_id <> all (from raw.payments select payment_id)
select * from marts.customers anti join raw.payments on customer_id = payment_id
select * from marts.customers asof join staging.stg_orders on customer_id >= stg_orders.customer_id
select * from marts.customers positional join raw.payments
select * from marts.customers natural full join raw.customers
select * from marts.customers cross join lateral (select * from raw.payments where payment_id = customer_id)
select (from raw.customers limit 1)
select exists(from raw.customers)
select array(select api_secret from raw.customers)
select [x for x in (select list(token) from app_tokens)]
select list_transform([1], lambda x: (select max(token) from app_tokens))
select list_filter([1], lambda x: exists (from raw.customers where customer_id = x))
select list_reduce([1, 2], lambda a, b: (select count(*) from raw.payments))
select sum(customer_id) filter (where customer_id in (select payment_id from raw.payments)) from marts.customers
select sum(customer_id) over (partition by (select max(token) from app_tokens)) from marts.customers
select sum(customer_id) over w from marts.customers window w as (order by (select max(token) from app_tokens))
select sum(customer_id) over (order by customer_id rows between (select count(*) from raw.payments) preceding and current row) from marts.customers
select lag(customer_id, (select count(*) from raw.payments)::int) over (order by customer_id) from marts.customers
select string_agg(country, (select max(token) from app_tokens)) from marts.customers
select list(country order by (select max(token) from app_tokens)) from marts.customers
select * from marts.customers limit (select count(*) from raw.payments)
select * from marts.customers limit 1 offset (select count(*) from raw.payments)
select * from marts.customers limit (select count(*) from raw.payments) %
select distinct on ((select max(token) from app_tokens)) country from marts.customers
select country from marts.customers group by grouping sets ((country), ((select max(token) from app_tokens)))
select country from marts.customers group by rollup ((select max(token) from app_tokens)), country
select case when true then (select max(token) from app_tokens) end
select try((select token from app_tokens limit 1))
select coalesce(null, (select max(token) from app_tokens))
select {'a': (select max(token) from app_tokens)}.a
select ([(select max(token) from app_tokens)])[1]
select ([1, 2, 3])[(select count(*) from raw.payments)]
select ([1, 2, 3])[1:(select count(*) from raw.payments)]
select cast((select max(token) from app_tokens) as varchar)
select country collate nocase from marts.customers where country collate nocase = (select max(token) from app_tokens)
select country between (select min(token) from app_tokens) and 'z' from marts.customers
select * replace ((select max(token) from app_tokens) as country) from marts.customers
select columns(* replace ((select max(token) from app_tokens) as country)) from marts.customers
select columns(lambda c: c in (select token from app_tokens)) from marts.customers
select * from (values (1), ((select count(*) from raw.payments)))
select unnest((select list(token) from app_tokens))
from unnest((select list(token) from app_tokens))
from range((select count(*) from raw.payments))
from json_each((select to_json(list(token)) from app_tokens))
from generate_series(1, (select count(*) from raw.payments))
pivot marts.customers on country in ('DE') using max((select max(token) from app_tokens))
pivot raw.customers on customer_id in (1) using count(*)
pivot (from raw.customers) on customer_id using count(*)
pivot marts.customers on country in ('DE') using count(*) order by (select max(token) from app_tokens)
pivot marts.customers on country in ('DE') using count(*) limit (select count(*) from raw.payments)
with p as (pivot raw.customers on customer_id using count(*)) from p
unpivot raw.customers on email, api_secret
unpivot (from app_tokens) on token
unpivot marts.customers on columns((select max(token) from app_tokens))
from raw.customers unpivot (v for n in (email, api_secret))
from app_tokens unpivot include nulls (v for n in (token))
summarize app_tokens
summarize raw.customers
summarize from raw.customers
describe raw.customers
describe app_tokens
describe select * from raw.customers
from (describe raw.customers)
from (summarize app_tokens)
select * from (desc app_tokens) d
with d as (describe app_tokens) from d
with d as (summarize app_tokens) from d
select (select max(max) from (summarize app_tokens))

-- attack: places that take no subquery at all
-- expect: sql.syntax
select * from marts.customers using sample (select 1 from raw.payments) rows
pivot marts.customers on (select max(token) from app_tokens) in ('a') using count(*)
pivot marts.customers on country in ('DE') using count(*) group by (select 1 from app_tokens)
from marts.customers pivot (count(*) for country in (select token from app_tokens))

-- attack: lists of what the database holds, and lists of values from a query
-- expect: sql.construct
pivot marts.customers on country in (select token from app_tokens) using count(*)
pivot (pivot raw.customers on customer_id using count(*)) on email using count(*)
show app_tokens
show raw.customers
show tables
show all tables
show tables from raw
show databases
show schemas
show variables
from (show tables)
from (show all tables)
from (show databases)
with s as (show tables) from s
select * from (show raw.customers)
