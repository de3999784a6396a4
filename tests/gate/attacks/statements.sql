-- attack: a second statement behind the first
-- expect: sql.several_statements
select 1; select 2
select 1;;select 2
values (1); drop table x
from customers; from raw.customers
select ';' ; select 2
select $$;$$; select 2
select 1 /* ; */ ; select 2

-- attack: every statement that is no query
-- expect: sql.not_a_query
insert into marts.customers values (1, 'x')
insert or replace into marts.customers select 1, 'x'
update marts.customers set country = 'x'
delete from marts.customers
truncate marts.customers
merge into marts.customers using marts.customers c using (customer_id) when matched then delete
create table x as select 1
create or replace temp table x as select 1
create view v as select 1
create macro m() as 1
create schema s
create sequence s
create secret (type s3)
create index i on marts.customers(country)
create type t as enum ('a')
create function f() as 1
alter table marts.customers add column x int
alter table marts.customers rename to x
drop table marts.customers
drop schema marts cascade
comment on table marts.customers is 'x'
copy marts.customers to 'x.csv'
copy (select 1) to '/dev/stdout'
copy marts.customers from 'x.csv'
copy from database serving to x
export database 'x'
import database 'x'
attach 'x.db'
attach ':memory:' as m
attach database 'x.db' as y (read_only)
detach serving
use raw
use serving.raw
set search_path = 'raw'
set schema = 'raw'
set variable x = 1
set variable x = (select max(token) from app_tokens)
set session threads = 1
set global memory_limit = '1GB'
reset search_path
pragma version
pragma enable_verification
pragma table_info('marts.customers')
pragma database_list
pragma show_tables
pragma memory_limit = '10GB'
call pragma_version()
call enable_logging()
call query('select 1')
load httpfs
install httpfs
force install httpfs from core
update extensions
begin
begin transaction
start transaction
commit
rollback
abort
checkpoint
force checkpoint
vacuum
analyze
analyze marts.customers
-- only a comment
/* only */

-- attack: what no parser takes
-- expect: sql.syntax
create trigger t
reset all
declare c cursor for select 1
grant select on marts.customers to x
lock table marts.customers
refresh materialized view x
do $$ begin end $$
listen x
discard all
summarize
table
select
from
.tables
.read x
!ls
\\d
/* unclosed
select 'unclosed
select "unclosed
select $$unclosed
select (1
select 1)

-- attack: lists of what the database holds
-- expect: sql.construct
describe
describe tables
summarize tables
show
