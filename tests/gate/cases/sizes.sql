-- case: a repeated text has a size that can be read
select repeat('x', 2000000000)
-- expect: sql.size
The size in `repeat` must be a number up to 10,000.
line 1, column 8: repeat('x', 2000000000)

-- case: a size from the data is refused, and least() is offered
select repeat('x', order_id::int) from marts.fct_orders
-- expect: sql.size
least(x, 10000)

-- case: a size that least() bounds is allowed
select max(length(repeat('x', least(order_id, 50)::int))) from marts.fct_orders
-- expect: sql.size

-- case: a size that least() bounds directly is allowed
select max(length(repeat('x', least(order_id, 50)))) as widest from marts.fct_orders
-- expect: ok

-- case: a method call has its size at the same place
select 'x'.repeat(2000000000)
-- expect: sql.size

-- case: a width of a format is bounded
select format('{:>2000000000}', 1)
-- expect: sql.size

-- case: a width of a format is not taken from the data
select printf('%*d', 2000000000, 1)
-- expect: sql.size

-- case: a pattern from the data is refused
select format(status, 1) from marts.fct_orders
-- expect: sql.size

-- case: a range is bounded
select count(*) from range(1000000000)
-- expect: sql.size
10,000,000

-- case: a negative range is bounded
select len(range(0, -1000000000, -1))
-- expect: sql.size
