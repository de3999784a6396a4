-- grain: one row per calendar month from the first to the last with data, none missing
{{ fed_by(["shopify", "woocommerce"]) }}
with

    customer_months as (select * from {{ ref("int_customer_months") }}),

    months as (select * from {{ ref("sales_monthly") }}),

    gained as (
        select
            order_month as month_start_date,
            count(*) as active_customers,
            count(*) filter (where order_month = cohort_month) as new_customers,
            count(*) filter (
                where previous_order_month = order_month - interval 1 month
            ) as retained_customers,
            count(*) filter (
                where previous_order_month < order_month - interval 1 month
            ) as resurrected_customers
        from customer_months
        group by 1
    ),

    -- who ordered last month and not in this one
    lost as (
        select
            cast(order_month + interval 1 month as date) as month_start_date,
            count(*) as churned_customers
        from customer_months
        where next_order_month is distinct from cast(order_month + interval 1 month as date)
        group by 1
    ),

    counted as (
        select
            months.month_start_date,
            coalesce(gained.active_customers, 0) as active_customers,
            coalesce(gained.new_customers, 0) as new_customers,
            coalesce(gained.retained_customers, 0) as retained_customers,
            coalesce(gained.resurrected_customers, 0) as resurrected_customers,
            coalesce(lost.churned_customers, 0) as churned_customers,
            months.is_complete_period,
            months.data_through_date
        from months
        left join gained using (month_start_date)
        left join lost using (month_start_date)
    ),

    final as (
        select
            month_start_date,
            active_customers,
            new_customers,
            retained_customers,
            resurrected_customers,
            churned_customers,
            retained_customers + churned_customers as previously_active_customers,
            retained_customers
            / nullif(retained_customers + churned_customers, 0) as retention_rate,
            churned_customers / nullif(retained_customers + churned_customers, 0) as churn_rate,
            is_complete_period,
            data_through_date
        from counted
    )

select *
from final
