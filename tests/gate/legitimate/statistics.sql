-- query: percentiles in every spelling
select quantile_cont(order_total, 0.5) as a, quantile_disc(order_total, [0.25, 0.75]) as b, percentile_cont(0.9) within group (order by order_total) as c,
    percentile_disc(0.1) within group (order by order_total desc) as d, median(order_total) as e, mode(currency) as f, quantile(order_total, 0.5) as g
from fct_orders

-- query: spread
select stddev(order_total) as a, stddev_pop(order_total) as b, var_samp(order_total) as c, variance(order_total) as d, mad(order_total) as e, skewness(order_total) as f,
    kurtosis(order_total) as g, sem(order_total) as h, entropy(channel) as i
from fct_orders

-- query: correlation and regression
select corr(total_spend, revenue) as r, regr_slope(revenue, total_spend) as slope, regr_intercept(revenue, total_spend) as start, regr_r2(revenue, total_spend) as fit,
    covar_pop(total_spend, revenue), covar_samp(total_spend, revenue), regr_count(revenue, total_spend)
from fct_marketing_mix_daily

-- query: correlation by platform of a lagged series
select corr(spend, next) from (select total_spend as spend, lead(revenue, 1) over (order by date) as next from fct_marketing_mix_daily)

-- query: outliers beyond three deviations
with stats as (select avg(revenue) as mean, stddev(revenue) as deviation from fct_marketing_mix_daily)
select date, revenue, (revenue - mean) / deviation as z from fct_marketing_mix_daily, stats where abs(revenue - mean) > 3 * deviation order by date

-- query: outliers beyond the quartiles
select count(*) from fct_orders where order_total > (select quantile_cont(order_total, 0.75) + 1.5 * (quantile_cont(order_total, 0.75) - quantile_cont(order_total, 0.25)) from fct_orders)

-- query: a histogram by bins
select bin, count(*) from (select least(floor(order_total / 50), 10) * 50 as bin from fct_orders) group by bin order by bin

-- query: bins of one width
select equi_width_bins(0, 100, 4, true) as bounds, histogram(quantity) as counts from fct_orders

-- query: approximate counts are near exact ones
select abs(approx_count_distinct(master_customer_id) - count(distinct master_customer_id)) < 0.1 * count(distinct master_customer_id) as near from fct_orders

-- query: geometric means and products
select geomean(order_total) as middle, product(1 + discount_rate / 100) as grown from fct_orders, (select discount_rate from fct_marketing_mix_daily limit 1) where order_total > 0

-- query: sums that keep their digits
select sum(net_sales) as a, fsum(net_sales::double) as b, sum(net_sales::decimal(38, 4)) as c, avg(net_sales) as d, sum(quantity) as e from fct_sales

-- query: lift of a test against the rest
select is_corporate_email, count(*) as n, avg(lifetime_value) as mean, avg(lifetime_value) / (select avg(lifetime_value) from dim_customers) - 1 as lift from dim_customers group by 1 order by 1

-- query: recency, frequency and worth in fifths
select r, f, m, count(*) as customers from (
    select ntile(5) over (order by last_order_date, master_customer_id) as r, ntile(5) over (order by total_orders, master_customer_id) as f, ntile(5) over (order by lifetime_value, master_customer_id) as m
    from dim_customers where total_orders > 0
) group by all order by all

-- query: concentration: customers who make half of the revenue
select count(*) + 1 as customers from (
    select sum(lifetime_value) over (order by lifetime_value desc, master_customer_id) / sum(lifetime_value) over () as share from dim_customers
) where share < 0.5

-- query: rounding and logarithms
select round(avg(order_total), 1) as a, ceil(avg(order_total)) as b, floor(avg(order_total)) as c, trunc(avg(order_total)) as d, ln(100) as e, log10(1000) as f, log(2, 8) as g, exp(1) as h, pi() as i, sign(-2), abs(-3), mod(7, 3)
from fct_orders
