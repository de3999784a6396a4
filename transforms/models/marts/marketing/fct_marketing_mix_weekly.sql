-- grain: one row per ISO week that begins on a Monday and is covered by data in full
{{ fed_by(["shopify", "woocommerce"]) }}
{{ fed_by(["meta_ads", "google_ads"]) }}
{%- set channels = var("paid_channels") %}
with

    days as (select * from {{ ref("fct_marketing_mix_daily") }}),

    days_summed_to_week as (
        select
            cast(date_trunc('week', date) as date) as week_start_date,
            count(*) as day_count,
            sum(orders) as orders,
            sum(new_customers) as new_customers,
            sum(revenue) as revenue,
            sum(net_revenue) as net_revenue,
            sum(discount_amount) as discount_amount,
            {% for channel in channels %}
                sum({{ channel }}_spend) as {{ channel }}_spend,
                sum({{ channel }}_impressions) as {{ channel }}_impressions,
                sum({{ channel }}_clicks) as {{ channel }}_clicks,
            {% endfor %}
            sum(total_spend) as total_spend,
            sum(organic_email_sessions) as organic_email_sessions,
            sum(organic_direct_sessions) as organic_direct_sessions,
            sum(organic_search_sessions) as organic_search_sessions,
            -- exact sums: doubles add up to another last digit in another order
            cast(avg(cast(stockout_share as decimal(18, 12))) as double) as stockout_share,
            count(*) filter (where is_promo) as promo_days,
            count(*) filter (where is_holiday) as holiday_days
        from days
        group by 1
    ),

    final as (
        select
            week_start_date,
            cast(orders as bigint) as orders,
            cast(new_customers as bigint) as new_customers,
            {{ money("revenue") }} as revenue,
            {{ money("net_revenue") }} as net_revenue,
            {{ money("discount_amount") }} as discount_amount,
            {{ money("revenue / nullif(orders, 0)") }} as revenue_per_conversion,
            cast(
                coalesce(discount_amount / nullif(revenue + discount_amount, 0), 0) as double
            ) as discount_rate,
            {% for channel in channels %}
                {{ money(channel ~ "_spend") }} as {{ channel }}_spend,
                cast({{ channel }}_impressions as bigint) as {{ channel }}_impressions,
                cast({{ channel }}_clicks as bigint) as {{ channel }}_clicks,
            {% endfor %}
            {{ money("total_spend") }} as total_spend,
            cast(organic_email_sessions as bigint) as organic_email_sessions,
            cast(organic_direct_sessions as bigint) as organic_direct_sessions,
            cast(organic_search_sessions as bigint) as organic_search_sessions,
            stockout_share,
            promo_days,
            holiday_days
        from days_summed_to_week
        where {{ is_whole_period("week", "week_start_date", "day_count") }}
    )

select *
from final
