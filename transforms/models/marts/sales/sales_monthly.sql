-- grain: one row per calendar month from the first to the last with data, none missing
{{ fed_by(["shopify", "woocommerce"]) }}
with

    days as (select * from {{ ref("sales_daily") }}),

    orders as (select * from {{ ref("fct_orders") }}),

    -- people cannot be added up over days: one may order on several
    customers_counted_to_month as (
        select
            cast(date_trunc('month', order_date) as date) as month_start_date,
            count(distinct master_customer_id) as ordering_customers
        from orders
        group by 1
    ),

    days_summed_to_month as (
        select
            cast(date_trunc('month', date) as date) as month_start_date,
            count(*) as days_with_data,
            cast(sum(orders) as bigint) as orders,
            cast(sum(new_customers) as bigint) as new_customers,
            cast(sum(units_sold) as bigint) as units_sold,
            cast(sum(units_returned_on_date) as bigint) as units_returned_in_month,
            sum(gross_revenue) as gross_revenue,
            sum(discount_amount) as discount_amount,
            sum(revenue) as revenue,
            sum(refunds_of_orders) as refunds_of_orders,
            sum(net_revenue) as net_revenue,
            sum(refunds_on_date) as refunds_in_month,
            sum(net_revenue_by_refund_date) as net_revenue_by_refund_date,
            sum(tax_amount) as tax_amount,
            sum(shipping_amount) as shipping_amount,
            max(date) as data_through_date
        from days
        group by 1
    ),

    final as (
        select
            months.month_start_date,
            months.days_with_data,
            months.orders,
            months.new_customers,
            coalesce(customers.ordering_customers, 0) as ordering_customers,
            months.units_sold,
            months.units_returned_in_month,
            {{ money("months.gross_revenue") }} as gross_revenue,
            {{ money("months.discount_amount") }} as discount_amount,
            {{ money("months.revenue") }} as revenue,
            {{ money("months.refunds_of_orders") }} as refunds_of_orders,
            {{ money("months.net_revenue") }} as net_revenue,
            {{ money("months.refunds_in_month") }} as refunds_in_month,
            {{ money("months.net_revenue_by_refund_date") }} as net_revenue_by_refund_date,
            {{ money("months.tax_amount") }} as tax_amount,
            {{ money("months.shipping_amount") }} as shipping_amount,
            cast(
                months.revenue / nullif(months.orders, 0) as decimal(18, 2)
            ) as average_order_value,
            {{ is_whole_period("month", "months.month_start_date", "months.days_with_data") }}
            as is_complete_period,
            months.data_through_date
        from days_summed_to_month as months
        left join customers_counted_to_month as customers using (month_start_date)
    )

select *
from final
