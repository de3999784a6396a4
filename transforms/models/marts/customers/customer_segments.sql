-- grain: one row per RFM segment, those without customers among them
{{ fed_by(["shopify", "woocommerce"]) }}
with

    segments as (select * from {{ ref("rfm_segments") }}),

    customers as (select * from {{ ref("customer_rfm") }}),

    orders as (select * from {{ ref("int_customer_orders_aggregated") }}),

    customers_summed_to_segment as (
        select
            customers.rfm_segment,
            count(*) as customers,
            cast(sum(customers.frequency) as bigint) as orders_365_day,
            cast(median(customers.recency_days) as bigint) as median_recency_days,
            sum(customers.monetary) as net_revenue_365_day,
            sum(orders.lifetime_value) as lifetime_value
        from customers
        inner join orders using (master_customer_id)
        group by 1
    ),

    final as (
        select
            segments.segment as rfm_segment,
            segments.meaning,
            segments.segment_order,
            coalesce(summed.customers, 0) as customers,
            coalesce(summed.orders_365_day, 0) as orders_365_day,
            summed.median_recency_days,
            coalesce(
                summed.customers / nullif(sum(summed.customers) over (), 0), 0
            ) as share_of_customers,
            {{ money("summed.net_revenue_365_day") }} as net_revenue_365_day,
            cast(
                coalesce(
                    summed.net_revenue_365_day / nullif(sum(summed.net_revenue_365_day) over (), 0),
                    0
                ) as double
            ) as share_of_net_revenue,
            {{ money("summed.lifetime_value") }} as lifetime_value,
            {{ as_of_date() }} as as_of_date
        from segments
        left join customers_summed_to_segment as summed on summed.rfm_segment = segments.segment
    )

select *
from final
