-- case: a name that is nearly a mart is refused and the nearest mart is offered
select * from marts.fct_order
-- expect: sql.unknown_mart
`marts.fct_order` is not a published mart.
line 1, column 15: marts.fct_order
Did you mean `fct_orders`

-- case: a schema that is not published is refused without a word about what it holds
select *
from raw.customers
-- expect: sql.unknown_mart
`raw.customers` is not a published mart.
line 2, column 6: raw.customers

-- case: a mart under another catalog is not that mart
select * from warehouse.marts.fct_orders
-- expect: sql.unknown_mart

-- case: a mart under the catalog alone is not that mart
select * from serving.fct_orders
-- expect: sql.unknown_mart

-- case: a column after the mart does not make a table
select * from marts.dim_customers.attrs
-- expect: sql.unknown_mart

-- case: a file is no table
select * from 'orders.csv'
-- expect: sql.unknown_mart
Files cannot be read

-- case: the catalogue is asked through its own tool
select table_name from information_schema.tables
-- expect: sql.unknown_mart
Use the `describe` tool

-- case: so are DuckDB's own listings
from duckdb_tables()
-- expect: sql.function
Use the `describe` tool

-- case: a CTE hides a name only from its own definition on
with tokens as (select * from tokens) select * from tokens
-- expect: sql.unknown_mart
`tokens` is not a published mart.
line 1, column 31: tokens

-- case: a CTE of a later place does not hide an earlier table
with first as (select * from tokens), tokens as (select 1) select * from first
-- expect: sql.unknown_mart

-- case: a CTE inside a subquery ends with it
select * from (with tokens as (select 1) from tokens) as inside, tokens
-- expect: sql.unknown_mart

-- case: RECURSIVE makes a name known to its second half only
with recursive tokens as (select * from tokens union all select 1) from tokens
-- expect: sql.unknown_mart

-- case: a CTE is not known under a schema
with tokens as (select 1) select * from main.tokens
-- expect: sql.unknown_mart

-- case: letters outside ASCII are not folded into a CTE's name
with toKens as (select 1 as x) select * from tokens
-- expect: sql.unknown_mart

-- case: a table in a PIVOT whose values must be found is looked at first
pivot raw.payments on payment_id using max(card_number)
-- expect: sql.unknown_mart
`raw.payments` is not a published mart.

-- case: a table in SUMMARIZE is looked at
summarize raw.customers
-- expect: sql.unknown_mart

-- case: a table in LIMIT is looked at
select 1 limit (select count(*) from raw.customers)
-- expect: sql.unknown_mart

-- case: time travel is refused
select * from marts.fct_orders at (version => 1)
-- expect: sql.construct
AT (time travel) is not allowed.

-- case: a qualified name in one pair of quotes is told from a file
from "marts.customers"
-- expect: sql.unknown_mart
Write marts.customers without quotes

-- case: the place is told where DuckDB tells none
summarize
  raw.customers
-- expect: sql.unknown_mart
line 2, column 3: raw.customers
