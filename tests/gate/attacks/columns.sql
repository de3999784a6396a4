-- attack: columns by place, parameters, time travel, odd collations
-- expect: sql.construct
select #1 from marts.customers
select max(#1) from marts.customers
select customer_id from marts.customers order by #2
select $1
select ?
select $name
select *, $1 from marts.customers
select * from marts.customers at (version => 1)
select * from marts.customers at (timestamp => now())
select 'a' collate xx_nonsense
select 'a' collate "raw.customers"

-- attack: what only looks like a parameter or a plan
-- expect: sql.syntax
select :name
(explain select 1)
from (explain select 1)

-- attack: a hidden column, wherever a column may stand
-- expect: sql.unknown_column
select @name
select email from marts.dim_customers
select dim_customers.email from marts.dim_customers
select marts.dim_customers.email from marts.dim_customers
select d.email from marts.dim_customers d
select "email" from marts.dim_customers
select EMAIL from marts.dim_customers
select columns(['email']) from marts.dim_customers
select * exclude (email) from marts.dim_customers
select * replace ('x' as email) from marts.dim_customers
select tableoid from marts.dim_customers
select distinct on (email) country from marts.dim_customers
select country from marts.dim_customers order by email
select country from marts.dim_customers qualify row_number() over (order by email) = 1
select count(*) from marts.dim_customers group by email
select count(*) from marts.dim_customers having max(email) > 'a'
select count(email) from marts.dim_customers
select 1 from marts.dim_customers a natural join marts.dim_customers b where a.email = b.email
pivot marts.dim_customers on email using count(*)
pivot marts.dim_customers on country in ('DE') using max(email)
pivot marts.dim_customers on country in ('DE') using count(*) group by email
unpivot marts.dim_customers on email
from marts.dim_customers unpivot (v for n in (email))
select list_transform([1], lambda x: email) from marts.dim_customers
select email.x from marts.dim_customers
select (select email) from marts.dim_customers
select (select d.email from marts.customers) from marts.dim_customers d
from marts.dim_customers d, lateral (select d.email)
from marts.dim_customers where email is null
select alias.email from (select country as email from marts.dim_customers)

-- attack: a sign that is no operator
-- expect: sql.function
select @@version

-- attack: prepared statements and plans
-- expect: sql.not_a_query
prepare p as select 1
execute p
execute p(1)
deallocate p
explain select 1
explain analyze select 1
explain (format json) select 1
explain from raw.customers

-- attack: a hidden table inside AT
-- expect: sql.unknown_mart
from customers at (version => (select count(*) from raw.payments))

-- attack: a hidden column by a pattern or as the field of a row
-- expect: sql.failed
select columns('email') from marts.dim_customers
select columns(lambda c: c = 'email') from marts.dim_customers
select * like 'email' from marts.dim_customers
select * similar to 'email' from marts.dim_customers
select d['email'] from marts.dim_customers d
select (d).email from marts.dim_customers d
select struct_extract(d, 'email') from marts.dim_customers d
select attrs.email from marts.dim_customers
from marts.dim_customers where struct_pack(dim_customers).email = 'x'
