-- query: FROM first
from fct_orders select channel, count(*) as n group by all order by n desc, channel

-- query: FROM alone, with a limit
from dim_products order by product_key limit 5

-- query: FROM first with WHERE
from dim_customers as c select c.country_code, count(*) where c.total_orders > 4 group by 1 order by 1 nulls last

-- query: TABLE
table dim_products

-- query: VALUES alone, and joined
select v.label, count(order_key) from (values ('a', 'meta'), ('b', 'direct'), ('c', 'none')) as v(label, channel) left join fct_orders using (channel) group by 1 order by 1

-- query: VALUES as a query
values (1, 'one'), (2, 'two')

-- query: SUMMARIZE a mart, some of its columns
select column_name, column_type, count, null_percentage, min from (summarize dim_products) order by column_name

-- query: DESCRIBE a mart
describe fct_orders

-- query: DESCRIBE a query
describe select channel, sum(net_sales) as revenue from fct_orders group by 1

-- query: the columns of a mart from DESCRIBE
select column_name from (describe dim_customers) where column_type = 'DATE' order by 1

-- query: COLUMNS by pattern
select date, columns('.*_clicks') from fct_marketing_mix_daily order by date limit 10

-- query: COLUMNS by lambda, aggregated
select sum(columns(lambda c: c like '%spend')) from fct_marketing_mix_daily

-- query: one aggregate over all columns
select count(columns(*)) from dim_customers

-- query: COLUMNS in WHERE, and renamed
select columns('(.*)_spend') as '\1_cost' from fct_marketing_mix_daily where columns('.*_spend') > 20 order by date limit 10

-- query: COLUMNS unpacked into a call
select date, greatest(*columns('google_.*_clicks')) as best, coalesce(*columns(['meta_clicks', 'orders'])) from fct_marketing_mix_daily order by date limit 10

-- query: all but some, some replaced, some renamed
select * exclude (loaded_at) replace (round(spend, 0) as spend) rename (campaign_name as campaign) from fct_ads_performance order by ad_performance_key limit 5

-- query: columns by LIKE
select * like 'meta%' from fct_marketing_mix_daily order by date limit 5

-- query: names before values
select orders: count(*), revenue: sum(net_sales) from fct_orders

-- query: a sample with a seed has its size
select count(*) from (select * from fct_orders using sample 100 rows (reservoir, 42))

-- query: a share of a small set, with a seed
select count(*) >= 0 as ran from fct_orders tablesample bernoulli(10 percent) repeatable (7)

-- query: LIMIT by share, OFFSET and FETCH
select count(*) from (select order_key from fct_orders order by order_key limit 10% offset 5)

-- query: rows by FETCH
select order_key from fct_orders order by order_total desc, order_key offset 2 rows fetch next 3 rows only

-- query: numbers of every kind
select 1_000 as a, 1e3 as b, .5 as c, 1.50::decimal(5, 2) as d, 2 ** 10 as e, 7 // 2 as f, 7 % 3 as g, -7 / 2 as h, 5 & 3 as i, 1 << 4 as j, 123456789012345678901234567890::hugeint as k

-- query: casts that may fail
select try_cast('x' as integer) as a, try(1 / 0) as b, cast('2025-01-01' as date) as c, '12'::int + 1 as d, 'true'::boolean as e, integer '5' as f

-- query: conditions of every kind
select count(*) from fct_orders where (campaign is not null or channel in ('direct', 'email')) and order_total between 10 and 500 and not is_guest
    and currency not in ('CHF') and (country_code = 'FR') is not true and order_status <> 'x' and xor(1, 0) = 1

-- query: choices
select if(is_guest, 'guest', 'known') as who, case channel when 'meta' then 1 when 'email' then 2 else 0 end as code, nullif(channel, 'direct') as paid, greatest(1, 2), least(1, 2), count(*)
from fct_orders group by all order by all

-- query: enums and unions of one's own
select enum_range(null::enum('small', 'large')) as sizes, 'small'::enum('small', 'large') as size, union_tag(union_value(a := 1)) as tag, typeof(order_total) as kind from fct_orders limit 1

-- query: a calculation without any mart
select unnest(generate_series(1, 5)) as n, n * n as square, sqrt(n)

-- query: nested subqueries in FROM, without aliases
select max(n) from (select channel, count(*) as n from (select * from (from fct_orders) where not is_refunded) group by 1)

-- query: semicolon, spaces and lines around

select count(*) from fct_orders ;
