-- case: EXPLAIN has its own way
explain select 1
-- expect: sql.not_a_query
`EXPLAIN` is not a query that reads.
explain=true

-- case: SHOW has its own tool
show tables
-- expect: sql.construct
Use the `describe` tool

-- case: DESCRIBE of nothing lists everything and is refused
describe
-- expect: sql.construct
Use the `describe` tool

-- case: PRAGMA has its own tool
pragma table_info('marts.customers')
-- expect: sql.not_a_query
Use the `describe` tool

-- case: writing is refused
insert into marts.customers values (1, 'x')
-- expect: sql.not_a_query
Martlet only reads

-- case: writing is refused behind comments and brackets
/* read only, really */ -- yes
delete from marts.customers
-- expect: sql.not_a_query
`DELETE` is not a query that reads.

-- case: writing inside a CTE is refused
with gone as (delete from marts.customers returning *) select * from gone
-- expect: sql.construct
DELETE is not allowed.

-- case: COPY inside a CTE is refused
with out as (copy marts.customers to 'out.csv') select 1
-- expect: sql.construct
COPY is not allowed.

-- case: two statements are refused
select 1; select 2
-- expect: sql.several_statements
Send one query at a time.

-- case: two statements of which one writes are refused
select 1; drop table marts.customers
-- expect: sql.several_statements

-- case: a syntax error says where
select country form marts.customers where
-- expect: sql.syntax
line 1

-- case: nothing at all is not a query
-- only a comment
-- expect: sql.not_a_query

-- case: settings cannot be changed
set threads = 64
-- expect: sql.not_a_query
Settings cannot be changed
-- case: a statement with blanks behind it is refused as itself
execute p  
-- expect: sql.not_a_query

-- case: the second statement is shown
select 1;
drop table marts.customers
-- expect: sql.several_statements
line 2, column 1: drop table

-- case: what follows a WITH is named
with a as (select 1) insert into marts.customers select 1, 'x'
-- expect: sql.not_a_query
`INSERT` is not a query that reads.
line 1, column 22: insert

-- case: the body of a CTE that is no query is shown
with a as (select 1), b as (drop table marts.customers) from b
-- expect: sql.not_a_query
line 1, column 29: drop

-- case: a writing body of a CTE is shown
with a as (insert into marts.customers select 1, 'x' returning *) from a
-- expect: sql.construct
line 1, column 12: insert

-- case: a text whose error DuckDB cannot tell is refused, not a fault of ours
select b'ａ'
-- expect: sql.syntax
unreadable text
