-- query: PIVOT with values from the data
pivot fct_orders on order_status using count(*) group by channel order by channel

-- query: PIVOT with two aggregates and listed values
pivot fct_orders on source_system in ('shopify', 'woocommerce') using sum(net_sales) as revenue, count(*) as orders
group by channel order by channel

-- query: PIVOT over a subquery
pivot (select category, year(order_date) as year, net_sales from fct_sales) on year using sum(net_sales) order by category

-- query: PIVOT on two columns
pivot fct_orders on source_system, is_first_order using count(*) group by currency order by currency

-- query: PIVOT on an expression
pivot fct_orders on quarter(order_date) using sum(order_total) group by channel order by channel

-- query: a dynamic PIVOT inside a CTE, then filtered
with statuses as (pivot fct_orders on order_status using count(*) group by country_code)
select * from statuses where country_code in ('FR', 'US') order by country_code

-- query: a dynamic PIVOT after a CTE
with recent as (select * from fct_orders where order_date >= date '2026-01-01')
pivot recent on channel using sum(net_sales) group by currency order by currency

-- query: a dynamic PIVOT in FROM
select count(*) as rows, sum(meta_ads) as meta from (pivot fct_ads_performance on platform using sum(spend) group by date)

-- query: PIVOT as the standard writes it
select * from (select channel, order_status, order_total from fct_orders)
pivot (sum(order_total) as total, count(*) as n for order_status in ('paid', 'refunded')) order by channel

-- query: PIVOT by CASE, as everybody writes it
select country_code, sum(case when is_first_order then net_sales else 0 end) as first, sum(case when not is_first_order then net_sales end) as repeat
from fct_orders group by 1 order by 1 nulls last

-- query: UNPIVOT of listed columns
unpivot (select date, meta_spend, google_search_spend, google_shopping_spend from fct_marketing_mix_daily)
on meta_spend, google_search_spend, google_shopping_spend into name channel value spend order by date, channel limit 100

-- query: UNPIVOT of columns by pattern
select channel, sum(spend) as spend from (
    unpivot (select columns('.*_spend') from fct_marketing_mix_daily) on columns('google.*|meta.*') into name channel value spend
) group by channel order by channel

-- query: UNPIVOT as the standard writes it
select name, sum(sessions) from (select organic_email_sessions, organic_direct_sessions, organic_search_sessions from fct_marketing_mix_daily)
unpivot (sessions for name in (organic_email_sessions as email, organic_direct_sessions as direct, organic_search_sessions)) group by name order by name

-- query: UNPIVOT that keeps nulls
select count(*), count(day) from (select first_seen_date, last_order_date from dim_customers)
unpivot include nulls (day for kind in (first_seen_date, last_order_date))

-- query: there and back again
pivot (unpivot (select date, orders::double as orders, revenue::double as revenue from fct_marketing_mix_daily) on orders, revenue into name what value amount)
on what in ('orders', 'revenue') using sum(amount) group by date order by date limit 30
