-- attack: characters that one parser takes for white space and another for letters
-- expect: sql.text
select 1 as a\u200bunion\u200ball\u200bfrom\u200bapp_tokens
from marts.customers x\ufeffpositional\ufeffjoin\ufeffapp_tokens
from marts.customers x\u2060cross\u2060join\u2060raw.payments
from marts.customers x\u00adjoin\u00adapp_tokens on true
with app_tokens\u2028 as (select 1) select * from app_tokens
with app_tokens\u2029as (select 1) select * from app_tokens
with app_tokens\u0085 as (select 1) from app_tokens
with app_tokens\u1680 as (select 1) from app_tokens
with app_tokens\u180e as (select 1) from app_tokens
with app_tokens\u001c as (select 1) from app_tokens
with app_tokens\u001f as (select 1) from app_tokens
with app_tokens\u2003 as (select 1) from app_tokens
with app_tokens\u202f as (select 1) from app_tokens
with app_tokens\u205f as (select 1) from app_tokens
with app_tokens\u3000 as (select 1) from app_tokens
with app_tokens\u00a0 as (select 1) from app_tokens
with app_tokens\u000b as (select 1) from app_tokens
with app_tokens\u000c as (select 1) from app_tokens
with app_tokens\u200e as (select 1) from app_tokens
with app_tokens\u202e as (select 1) from app_tokens
with app_tokens\u2066 as (select 1) from app_tokens
with app_tokens\ufff9 as (select 1) from app_tokens
with app_tokens\ue000 as (select 1) from app_tokens
with app_tokens\U000e0041 as (select 1) from app_tokens
with app_tokens\u0378 as (select 1) from app_tokens
select 1\u0000 from app_tokens
select 1 -- \u0000\u2028 from app_tokens
select 1 /* \u0007 */ from app_tokens
select '\u200b' from marts.customers
select 'a\u00a0b'
select "a\u200bb" from marts.customers

-- attack: comments, quotes, glued words, brackets and aliases around a hidden table
-- expect: sql.unknown_mart
with app_to\u212aens as (select 1) select * from app_tokens
with app_to\u212aens as (select 1) select * from APP_TOKENS
with app_token\u017f as (select 1) from app_tokens
with \u0430pp_tokens as (select 1) from app_tokens
with app_t\u043ekens as (select 1) from app_tokens
with app_t\u00f8kens as (select 1) from app_tokens
with app_toke\u0301ns as (select 1) from app_tokens
with app_tokens\u3164 as (select 1) from app_tokens
with app_tokens\u034f as (select 1) from app_tokens
with app_tokens\ufe0f as (select 1) from app_tokens
with app_tokens\u2800 as (select 1) from app_tokens
with APP_TOKENS\u0131 as (select 1) from app_tokens
from \uff41pp_tokens
from app\uff3ftokens
select 1 --\r, (select max(token) from app_tokens)
select e'\\'', token from app_tokens -- '
select $$a$$, token from app_tokens
select $a$ $$ $a$, token from app_tokens
select U&'\\0041', token from app_tokens
select u&"a" from app_tokens
select 1union select token from app_tokens
select 1from app_tokens
select 1.union select token from app_tokens
select 'a'union select token from app_tokens
select "a"from app_tokens
select(1)from(app_tokens)
select*from app_tokens
from/**/app_tokens
from--x\napp_tokens
select 1 /* /* */ */ from app_tokens
select 1 /*! from marts.customers */ from app_tokens
select 1 // 2 from app_tokens
from `app_tokens`
from (app_tokens)
from ((app_tokens))
from (app_tokens join marts.customers on true)
from app_tokens as customers
from app_tokens customers(customer_id)
select customers.token from app_tokens customers
from marts.customers as app_tokens, app_tokens
from marts.customers app_tokens where exists (from app_tokens)
select (app_tokens).token from app_tokens
select app_tokens from app_tokens
with t(app_tokens) as (select 1) from app_tokens
select x.app_tokens from (select 1 as app_tokens) x, app_tokens
from (desc app_tokens)
with "desc" as (select 1) from (desc app_tokens)
with "summarize" as (select 1) from (summarize app_tokens)
from (table app_tokens)
from (values (1)) v join (table app_tokens) t on true
from (from app_tokens) select *
from (((select * from app_tokens)))
from app_tokens order by 1 limit 1 offset 0
select * from app_tokens at (version => 1)
select * from app_tokens tablesample 10%
select * from app_tokens using sample 10%
select * from marts.customers left join app_tokens using (customer_id)
select * from marts.customers right join app_tokens on 1 = 1
select * from marts.customers inner join app_tokens a on true
select * from marts.customers semi join app_tokens on true
select * from marts.customers, app_tokens, marts.fct_orders
select * from marts.customers union select * from app_tokens
select * from marts.customers union all by name select * from app_tokens
select * from marts.customers except select * from app_tokens
select * from marts.customers intersect all select * from app_tokens
(select 1) union (select 2) union (from app_tokens)
values (1) union from app_tokens
table marts.customers union table app_tokens
from marts.customers union from app_tokens order by 1
with a as (from marts.customers), b as (from a union from app_tokens) from b
pivot_longer app_tokens on token
pivot_wider app_tokens on token using count(*)
unpivot (from app_tokens) on columns(*)
summarize from app_tokens
summarize (from app_tokens)
describe (from app_tokens)
describe table app_tokens
summarize table app_tokens
describe database
describe serving
describe raw

-- attack: quotes and brackets of other databases
-- expect: sql.syntax
select 0x1Funion select token from app_tokens
select 1 # from app_tokens
from [app_tokens]
from {app_tokens}
from desc app_tokens
with describe as (select 1) from (describe app_tokens)
from only app_tokens
select * from app_tokens*
from lateral app_tokens
select top 1 * from app_tokens
select * into x from app_tokens
select * from marts.customers for update
select * from app_tokens for update
show columns from app_tokens
show create table app_tokens
show index from app_tokens

-- attack: numbers glued to words, and lists of what the database holds
-- expect: sql.construct
with "show" as (select 1) from (show app_tokens)
show functions
show secrets
show settings
