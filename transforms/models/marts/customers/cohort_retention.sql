-- grain: one row per cohort month and month since, as far as the data reaches, none missing
{{ fed_by(["shopify", "woocommerce"]) }}
with

    customer_months as (select * from {{ ref("int_customer_months") }}),

    months as (select * from {{ ref("sales_monthly") }}),

    cohorts as (
        select cohort_month, count(*) as cohort_size
        from customer_months
        where order_month = cohort_month
        group by 1
    ),

    activity as (
        select
            cohort_month,
            order_month,
            count(*) as active_customers,
            cast(sum(orders) as bigint) as orders,
            sum(net_sales) as net_revenue
        from customer_months
        group by 1, 2
    ),

    dense as (
        select
            cohorts.cohort_month,
            date_diff('month', cohorts.cohort_month, months.month_start_date) as period_index,
            months.month_start_date as period_month,
            cohorts.cohort_size,
            coalesce(activity.active_customers, 0) as active_customers,
            coalesce(activity.orders, 0) as orders,
            {{ money("activity.net_revenue") }} as net_revenue,
            months.is_complete_period
        from cohorts
        inner join months on months.month_start_date >= cohorts.cohort_month
        left join
            activity
            on activity.cohort_month = cohorts.cohort_month
            and activity.order_month = months.month_start_date
    ),

    accumulated as (
        select
            *,
            sum(net_revenue) over (
                partition by cohort_month order by period_index rows unbounded preceding
            ) as cumulative_net_revenue
        from dense
    ),

    final as (
        select
            cohort_month,
            period_index,
            period_month,
            cohort_size,
            active_customers,
            orders,
            active_customers / cohort_size as retention_rate,
            net_revenue,
            cast(cumulative_net_revenue as decimal(18, 2)) as cumulative_net_revenue,
            cast(
                cumulative_net_revenue / cohort_size as decimal(18, 2)
            ) as cumulative_revenue_per_customer,
            is_complete_period
        from accumulated
    )

select *
from final
