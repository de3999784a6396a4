-- attack: a wide space in place of the plain one
-- expect: sql.text
select 1 as a\u3000union\u3000all\u3000from\u3000app_tokens

-- attack: letters that Unicode folds to those of a table, but DuckDB does not
-- expect: sql.unknown_mart
with aPP_token\u017f as (select 1) select * from app_tokens
with app_tokens\u034f as (select 1) select * from app_tokens
with app_token\uff53 as (select 1) from app_tokens
with \uff41pp_tokens as (select 1) from app_tokens
with app\u0640tokens as (select 1) from app_tokens
with "app_tokens\u034f" as (select 1) from app_tokens
with app\u203ftokens as (select 1) from app_tokens
from \uff52aw.customers
from raw\uff0ecustomers
from raw\u3002customers
from \u201dapp_tokens\u201d
from \u201eapp_tokens\u201c
with \ufb00t as (select 1) from app_tokens
with \u0130 as (select 1 as i) select * from app_tokens
with \u00e9 as (select 1), e\u00b4 as (select 2) from app_tokens
with app_tokens as (select 1) from APP_TOKENS, main.APP_TOKENS

-- attack: signs that only look like those of SQL
-- expect: sql.syntax
select 1\uff1bselect 2
select * from marts.customers where country \uff1d 'x' union from app_tokens
from marts.customers group by current_schema select count(*)

-- attack: functions of the session as bare words, in every place a value may stand
-- expect: sql.function
select "\u017fum"(1)
select \u017fum(1)
select \uff43ount(*) from marts.customers
select CURRENT_USER
select "current_user"
select Current_Schema
select current_Role from marts.customers
select current_catalog
select session_user
select user
select "user" from marts.customers
select current_database
select current_database()
select current_schemas(true)
select current_query()
select x from (select current_user as x)
select current_user as current_user
from marts.customers where current_user = 'duckdb'
from marts.customers order by current_user
select * from (values (current_user)) v
select [current_user]
select {'a': current_user}
select list_transform([1], lambda x: current_user)
select case current_user when 'duckdb' then 1 end
select current_user::varchar
select current_user.upper()
select columns(current_user)
select (select current_user)
select max(current_user) over ()
pivot marts.customers on current_user in ('duckdb') using count(*)
pivot marts.customers on current_user using count(*)
from unnest([current_schema])
from range(length(current_user))
select * replace (current_user as country) from marts.customers
with t as (select 1 as a) select user from t
select * exclude (country), user from marts.customers

-- attack: words that are neither columns nor functions
-- expect: sql.unknown_column
select current_u\u017fer
select system_user
select localuser
select version

-- attack: a function of the session behind a table, which has no such column
-- expect: sql.unknown_column
select c.current_user from marts.customers c
select marts.customers.current_schema from marts.customers
from marts.customers as c where c.session_user = 'duckdb'
