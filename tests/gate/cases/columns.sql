-- case: a column that a mart does not have is refused with the nearest
select sum(order_totl) from marts.fct_orders
-- expect: sql.unknown_column
`fct_orders` has no column `order_totl`.
line 1, column 12: order_totl
Did you mean `order_total`?

-- case: the place is counted in characters, also after text that is not ASCII
select 'Zürich' as city,
    'é' || ordr_total
from marts.fct_orders
-- expect: sql.unknown_column
line 2, column 12: ordr_total

-- case: a column that is kept from this audience is unknown like any other
select email from marts.dim_customers
-- expect: sql.unknown_column
`dim_customers` has no column `email`.

-- case: it is unknown in a filter
select count(*) from marts.dim_customers where email like 'a%'
-- expect: sql.unknown_column

-- case: it is unknown under an alias
select c.email from marts.dim_customers as c
-- expect: sql.unknown_column
`dim_customers` has no column `c.email`.

-- case: it is unknown through a CTE
with c as (select * from marts.dim_customers) select email from c
-- expect: sql.unknown_column

-- case: it is unknown in an ORDER BY inside an aggregate
select string_agg(country order by email) from marts.dim_customers
-- expect: sql.unknown_column

-- case: it is unknown in a correlated subquery
select (select max(email)) from marts.dim_customers
-- expect: sql.unknown_column

-- case: it is unknown as the object of a method
select email.upper() from marts.dim_customers
-- expect: sql.unknown_column

-- case: it is unknown in the field of a row
select c['email'] from marts.dim_customers as c
-- expect: sql.failed
Could not find key "email" in struct

-- case: it is unknown in USING
select 1 from marts.dim_customers as a join marts.dim_customers as b using (email)
-- expect: sql.unknown_column

-- case: a word of the session is not a column
select current_user from marts.customers
-- expect: sql.function
`current_user` is not on the list

-- case: a word of the session is refused in FROM, too
from unnest([current_schema])
-- expect: sql.function

-- case: a number glued to a word is not a column, and a free name is offered
select 3_seats from marts.customers
-- expect: sql.construct
`3_seats` reads as a number followed by a name, not as a column.
line 1, column 8: 3_seats
Put a space or AS between them

-- case: a number glued to a keyword is refused
select 1union select 2
-- expect: sql.construct
`1union` reads as a number

-- case: text in double quotes is told from a column
select count(*) from marts.fct_orders where status = "paid"
-- expect: sql.unknown_column
Text stands in single quotes.

-- case: a column where no mart is read
select country
-- expect: sql.unknown_column
The query reads no mart; name one in FROM.

-- case: a column of a dynamic PIVOT has its place in what was written
pivot marts.fct_orders
on statuss using count(*)
-- expect: sql.unknown_column
line 2, column 4: statuss
Did you mean `status`?

-- case: a column that one side of a join lacks
select 1 from marts.fct_sales join marts.fct_orders using (sale_date)
-- expect: sql.unknown_column
A side of the join has no column `sale_date`.
line 1, column 60: sale_date

-- case: a column that the query itself calls user
with people(user) as (select country from marts.customers) select user, count(*) from people group by user order by user
-- expect: ok

-- case: an alias called user
select country as user, count(*) as n from marts.customers where user <> 'DE' group by user order by user
-- expect: ok

-- case: a column called user of a subquery, with and without its table
select user, t.user, max(user) over () from (select country as user from marts.customers) as t limit 1
-- expect: ok

-- case: a parameter called user
select list_transform([1, 2], lambda user: user + 1)
-- expect: ok

-- case: a subquery takes user for the function, though a column around it has the name
select (select user) from (select 3 as user) as t
-- expect: sql.function

-- case: HAVING takes user for the function, though an alias has the name
select count(*) as user from marts.customers having user = 'x'
-- expect: sql.function

-- case: a mart's name elsewhere does not lend its columns
select user from (select 1 as a) as t, (select 2 as user) as s where exists (select user)
-- expect: sql.function

-- case: user is not looked up where columns cannot be followed
select columns(lambda c: c like 'c%'), user from (select country as user, country as c from marts.customers) as t
-- expect: sql.function
