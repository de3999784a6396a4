-- grain: one row per calendar day from the first to the last day with data, none missing
{{ fed_by(["shopify", "woocommerce"]) }}
with

    dates as (
        select date_day as date
        from {{ ref("dim_date") }}
        where
            date_day
            between (select first_date from {{ ref("int_data_window") }}) and {{ as_of_date() }}
    ),

    orders as (select * from {{ ref("fct_orders") }}),

    refunds as (select * from {{ ref("fct_refunds") }}),

    orders_summed_to_day as (
        select
            order_date as date,
            count(*) as orders,
            count(*) filter (where is_first_order) as new_customers,
            count(distinct master_customer_id) as ordering_customers,
            sum(quantity) as units_sold,
            sum(gross_sales) as gross_sales,
            sum(discount_amount) as discount_amount,
            sum(refund_amount) as refund_amount,
            sum(net_sales) as net_sales,
            sum(tax_amount) as tax_amount,
            sum(shipping_amount) as shipping_amount
        from orders
        group by 1
    ),

    refunds_summed_to_day as (
        select
            refund_date as date,
            sum(refunded_quantity) as refunded_quantity,
            sum(refund_amount) as refund_amount
        from refunds
        group by 1
    ),

    final as (
        select
            dates.date,
            coalesce(orders.orders, 0) as orders,
            coalesce(orders.new_customers, 0) as new_customers,
            coalesce(orders.ordering_customers, 0) as ordering_customers,
            cast(coalesce(orders.units_sold, 0) as bigint) as units_sold,
            cast(coalesce(refunds.refunded_quantity, 0) as bigint) as units_returned_on_date,
            {{ money("orders.gross_sales") }} as gross_revenue,
            {{ money("orders.discount_amount") }} as discount_amount,
            {{ money("orders.gross_sales - orders.discount_amount") }} as revenue,
            {{ money("orders.refund_amount") }} as refunds_of_orders,
            {{ money("orders.net_sales") }} as net_revenue,
            {{ money("refunds.refund_amount") }} as refunds_on_date,
            cast(
                {{ money("orders.gross_sales - orders.discount_amount") }}
                - {{ money("refunds.refund_amount") }} as decimal(18, 2)
            ) as net_revenue_by_refund_date,
            {{ money("orders.tax_amount") }} as tax_amount,
            {{ money("orders.shipping_amount") }} as shipping_amount,
            cast(
                (orders.gross_sales - orders.discount_amount) / orders.orders as decimal(18, 2)
            ) as average_order_value
        from dates
        left join orders_summed_to_day as orders using (date)
        left join refunds_summed_to_day as refunds using (date)
    )

select *
from final
