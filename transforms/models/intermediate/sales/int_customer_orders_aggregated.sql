-- grain: one row per customer with at least one valid order
with

    orders as (select * from {{ ref("fct_orders") }}),

    first_orders as (
        select master_customer_id, order_date as first_order_date from orders where is_first_order
    ),

    final as (
        select
            orders.master_customer_id,
            count(*) as total_orders,
            cast(sum(orders.net_sales) as decimal(18, 2)) as lifetime_value,
            cast(sum(orders.refund_amount) as decimal(18, 2)) as total_refunds,
            -- the day of the first order is day 0, and day 60 still counts
            cast(
                coalesce(
                    sum(orders.net_sales) filter (
                        where orders.order_date <= first_orders.first_order_date + 60
                    ),
                    0
                ) as decimal(18, 2)
            ) as ltv_60_day,
            arg_min(orders.channel, (orders.ordered_at, orders.order_key)) as first_order_channel,
            arg_min(orders.campaign, (orders.ordered_at, orders.order_key)) as first_order_campaign,
            arg_max(orders.country_code, (orders.ordered_at, orders.order_key)) as country_code,
            min(orders.order_date) as first_order_date,
            max(orders.order_date) as last_order_date
        from orders
        inner join first_orders using (master_customer_id)
        group by 1
    )

select *
from final
