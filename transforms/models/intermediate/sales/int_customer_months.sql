-- grain: one row per customer and calendar month with at least one valid order
{{ config(materialized="table") }}
with

    orders as (select * from {{ ref("fct_orders") }}),

    summed as (
        select
            master_customer_id,
            count(*) as orders,
            sum(net_sales) as net_sales,
            cast(date_trunc('month', order_date) as date) as order_month
        from orders
        group by all
    ),

    final as (
        select
            master_customer_id,
            orders,
            cast(net_sales as decimal(18, 2)) as net_sales,
            min(order_month) over (partition by master_customer_id) as cohort_month,
            lag(order_month) over (
                partition by master_customer_id order by order_month
            ) as previous_order_month,
            lead(order_month) over (
                partition by master_customer_id order by order_month
            ) as next_order_month,
            order_month
        from summed
    )

select *
from final
