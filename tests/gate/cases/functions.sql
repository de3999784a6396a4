-- case: a function that is not on the list is refused and the nearest is offered
select uper(country) from marts.customers
-- expect: sql.function
`uper` is not on the list of allowed functions.
line 1, column 8: uper(country)
Did you mean `upper`

-- case: reading files is refused
select * from read_csv('orders.csv')
-- expect: sql.function
Files cannot be read

-- case: SQL in a string is not run
select * from query('select 1')
-- expect: sql.function
`query` is not allowed in FROM.

-- case: a listed function under a schema is refused
select main.upper(country) from marts.customers
-- expect: sql.function

-- case: an aggregate is no table
from histogram('marts.customers', 'country')
-- expect: sql.function
FROM takes marts, CTEs and `generate_series`, `json_each`, `range`, `unnest`.

-- case: sleeping is refused
select sleep_ms(1000)
-- expect: sql.function

-- case: reading settings is refused
select current_setting('search_path')
-- expect: sql.function

-- case: a variable of the session is refused
select getvariable('x')
-- expect: sql.function

-- case: a function is also looked at in a window
select nextval('s') over ()
-- expect: sql.function

-- case: a function is also looked at in a FILTER
select count(*) filter (where write_log('x') is null) from marts.customers
-- expect: sql.function

-- case: a function is also looked at inside a lambda
select list_transform([1], lambda x: getvariable('x'))
-- expect: sql.function

-- case: a function is also looked at as a method
select country.getvariable() from marts.customers
-- expect: sql.function

-- case: a type of a schema is refused
select 'a'::raw.mood
-- expect: sql.type
`raw.mood` is not allowed.

-- case: a type that is not built in is refused
select cast('a' as mood)
-- expect: sql.type

-- case: VARIANT is refused
select '{}'::variant
-- expect: sql.type

-- case: a type inside a type is looked at
select null::struct(a raw.mood[])
-- expect: sql.type

-- case: a parameter is refused
select $1
-- expect: sql.construct
A parameter is not allowed.

-- case: a column by its place is refused
select #1 from marts.customers
-- expect: sql.construct
Write the column's name.

-- case: a collation that DuckDB might look up elsewhere is refused
select country collate raw_collation from marts.customers
-- expect: sql.construct

-- case: a function of another database is refused with DuckDB's own
select to_char(ordered_at, 'YYYY') from marts.fct_orders
-- expect: sql.function
Use `strftime(x, '%Y-%m-%d')`

-- case: a lambda with an arrow is told from JSON, and shown with its keyword
select list_transform([1, 2], x -> x + 1)
-- expect: sql.construct
line 1, column 31: x -> x + 1
Write the lambda as `lambda x: x + 1`.

-- case: two parameters before an arrow are a lambda, too
select list_reduce([1, 2], (a, b) -> a + b)
-- expect: sql.construct
`lambda x: x + 1`

-- case: an arrow behind a column is JSON
select payload_json -> '$.n' from marts.fct_orders limit 1
-- expect: ok

-- case: an arrow behind a call is JSON
select json_object() -> '$.n', json_object('a', 1) -> 'a'
-- expect: ok

-- case: nothing about the session can be asked
select current_user
-- expect: sql.function
Nothing about the session

-- case: a listed function under a schema is shown without it
select main.upper(country) from marts.customers
-- expect: sql.function
Write `upper` without a schema.

-- case: WITHIN GROUP after a plain aggregate is shown as ORDER BY inside it
select listagg(status, ',') within group (order by status) from marts.fct_orders
-- expect: sql.syntax
Write listagg(x, ... order by y)
