-- grain: one row per calendar day from the first to the last day with data, none missing
{{ fed_by(["shopify", "woocommerce"]) }}
{{ fed_by(["meta_ads", "google_ads"]) }}
{%- set channels = var("paid_channels") %}
with

    dates as (
        select *
        from {{ ref("dim_date") }}
        where
            date_day
            between (select first_date from {{ ref("int_data_window") }}) and {{ as_of_date() }}
    ),

    orders as (select * from {{ ref("fct_orders") }}),

    ads as (select * from {{ ref("fct_ads_performance") }}),

    calendar as (select * from {{ ref("stg_reference__marketing_calendar") }} where is_promo),

    stock as (select * from {{ ref("inventory_daily") }}),

    visits as (
        select * from {{ ref("int_touch_channels") }} where starts_with(touch_key, 'visit:')
    ),

    orders_summed_to_day as (
        select
            order_date as date,
            count(*) as orders,
            count(*) filter (where is_first_order) as new_customers,
            sum(gross_sales) as gross_sales,
            sum(discount_amount) as discount_amount,
            sum(net_sales) as net_revenue
        from orders
        group by 1
    ),

    ads_summed_to_day as (
        select
            date,
            {% for channel in channels %}
                sum(spend) filter (where channel = '{{ channel }}') as {{ channel }}_spend,
                sum(impressions) filter (
                    where channel = '{{ channel }}'
                ) as {{ channel }}_impressions,
                sum(clicks) filter (where channel = '{{ channel }}') as {{ channel }}_clicks,
            {% endfor %}
            sum(spend) as total_spend
        from ads
        group by 1
    ),

    -- a day begins on a quarter of an hour everywhere, and few moments are dear to bring to days
    visits_counted_to_quarter as (
        select
            time_bucket(interval 15 minute, touched_at) as quarter_start_at,
            count(*) filter (where channel = 'email') as organic_email_sessions,
            count(*) filter (where channel = 'direct') as organic_direct_sessions,
            count(*) filter (where channel = 'organic_search') as organic_search_sessions
        from visits
        group by 1
    ),

    visits_summed_to_day as (
        select
            {{ reporting_date("quarter_start_at") }} as date,
            cast(sum(organic_email_sessions) as bigint) as organic_email_sessions,
            cast(sum(organic_direct_sessions) as bigint) as organic_direct_sessions,
            cast(sum(organic_search_sessions) as bigint) as organic_search_sessions
        from visits_counted_to_quarter
        group by 1
    ),

    promotion_days as (select distinct calendar_date as date from calendar),

    stock_summed_to_day as (
        select date, count(*) filter (where is_stockout) / count(*) as stockout_share
        from stock
        group by 1
    ),

    final as (
        select
            dates.date_day as date,
            dates.day_of_week,
            coalesce(orders.orders, 0) as orders,
            coalesce(orders.new_customers, 0) as new_customers,
            {{ money("orders.gross_sales - orders.discount_amount") }} as revenue,
            {{ money("orders.net_revenue") }} as net_revenue,
            {{ money("orders.discount_amount") }} as discount_amount,
            {{ money("(orders.gross_sales - orders.discount_amount) / nullif(orders.orders, 0)") }}
            as revenue_per_conversion,
            cast(
                coalesce(orders.discount_amount / nullif(orders.gross_sales, 0), 0) as double
            ) as discount_rate,
            {% for channel in channels %}
                {{ money("ads." ~ channel ~ "_spend") }} as {{ channel }}_spend,
                cast(
                    coalesce(ads.{{ channel }}_impressions, 0) as bigint
                ) as {{ channel }}_impressions,
                cast(coalesce(ads.{{ channel }}_clicks, 0) as bigint) as {{ channel }}_clicks,
            {% endfor %}
            {{ money("ads.total_spend") }} as total_spend,
            coalesce(visits.organic_email_sessions, 0) as organic_email_sessions,
            coalesce(visits.organic_direct_sessions, 0) as organic_direct_sessions,
            coalesce(visits.organic_search_sessions, 0) as organic_search_sessions,
            coalesce(stock.stockout_share, 0) as stockout_share,
            promotion_days.date is not null as is_promo,
            dates.is_holiday
        from dates
        left join orders_summed_to_day as orders on orders.date = dates.date_day
        left join ads_summed_to_day as ads on ads.date = dates.date_day
        left join visits_summed_to_day as visits on visits.date = dates.date_day
        left join promotion_days on promotion_days.date = dates.date_day
        left join stock_summed_to_day as stock on stock.date = dates.date_day
    )

select *
from final
