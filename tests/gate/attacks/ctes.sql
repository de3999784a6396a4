-- attack: CTEs that shadow, recur and nest around a table that is not published
-- expect: sql.unknown_mart
with customers as (from customers), x as (from raw.customers) from x
with a as (from b), b as (select 1) from a
with recursive a as (from b), b as (select 1 union all from app_tokens) from b
with recursive t(n) as (select 1 union all select n + 1 from t, app_tokens where n < 3) from t
with recursive t(n) as (select token from app_tokens union all select n from t where false) from t
with recursive t(n) using key (n) as (select 1 union select (select count(*) from app_tokens)) from t
with recursive app_tokens as (select token from app_tokens union all select 'x' where false) from app_tokens
with recursive app_tokens as (select 1 as a except select 1 from app_tokens) from app_tokens
with app_tokens as materialized (from app_tokens) from app_tokens
with app_tokens as not materialized (table app_tokens) table app_tokens
with "APP_TOKENS" as (select 1) from (with x as (from main.app_tokens) from x)
select (with app_tokens as (select 1 as a) from app_tokens), (from app_tokens)
(with app_tokens as (select 'x' as token) from app_tokens) union all from app_tokens
from (with app_tokens as (select 1) from app_tokens) a, app_tokens
with app_tokens as (select 1 as a) from a, app_tokens
with app_tokens(a) as (select 1) from app_tokens join lateral (from main.app_tokens) on true
with t as (select 1 as a) select * from t where exists (with app_tokens as (select 1) from payments)
with app_tokens as (select 1 as x) from recurring.app_tokens
with recursive r as (select 1 as a union all select a from recurring.r where a < 1) from recurring.r
with t as (with app_tokens as (select 1 as a) from app_tokens) from app_tokens
with payments as (select 1), p2 as (from raw.payments) from payments
with x as (values (1)) from x, lateral (from payments)
select * from marts.customers c where exists (with payments as (select c.customer_id) from payments) and exists (from payments)
with app_tokens as (select 1) (select * from app_tokens) union (with t as (from main.app_tokens) from t)
with "app_tokens " as (select 1) from app_tokens
with app_tokens_ as (select 1) from app_tokens
with recursive "raw.customers" as (select 1 as a union all select a from raw.customers) from "raw.customers"
with "raw.customers" as (select 1 as a) from raw.customers
with "main.app_tokens" as (select 1 as a) from main.app_tokens
with raw as (select 1 as customers) select customers from raw.customers
with marts as (select 1 as a) from marts.app_tokens
with app_tokens as (select 1) from (values (1)) v, app_tokens, (from (from payments))

-- attack: writing statements as the body of a CTE
-- expect: sql.construct
with c as (insert into marts.customers select 1, 'x' returning *) from c
with c as (insert into marts.customers select 1, 'x') select 1
with c as (update marts.customers set country = 'x' returning *) from c
with c as (delete from marts.customers returning *) from c
with c as (copy marts.customers to 'x.csv') from c
with c as materialized (copy (select 1) to '/tmp/x.csv') select 1
with c as (truncate marts.customers) select 1
describe with c as (delete from marts.customers returning *) from c
pivot (with c as (insert into marts.customers select 1, 'x' returning *) from c) on country using count(*)
pivot marts.customers on country in (with c as (delete from marts.customers returning *) from c) using count(*)

-- attack: other statements as the body of a CTE, or after one
-- expect: sql.not_a_query
with c as (merge into marts.customers using (select 1 as customer_id) s using (customer_id) when matched then delete returning *) from c
with c as (create table t as select 1) select 1
with c as (drop table marts.customers) select 1
with c as (attach 'x.db') select 1
with c as (explain select 1) from c
with c as (call pragma_version()) from c
with c as (pragma version) from c
with a as (select 1) insert into marts.customers select 1, 'x'
with a as (select 1) delete from marts.customers
with a as (select 1) update marts.customers set country = 'x'

-- attack: writing statements where only a query may stand
-- expect: sql.syntax
with recursive c as (copy (select 1) to 'x.csv') select 1
from (insert into marts.customers select 1, 'x' returning *)
select (delete from marts.customers returning 1)
