-- grain: one row per order line without gift cards, in the reporting currency
{{ config(materialized="table") }}
with

    lines as (select * from {{ ref("int_order_lines_unioned") }}),

    orders as (select * from {{ ref("int_orders_unioned") }}),

    refunds as (select * from {{ ref("int_refunds_allocated") }}),

    fx_rates as (select * from {{ ref("int_fx_rates_filled") }}),

    converted as (
        select
            lines.order_line_key,
            lines.order_key,
            lines.product_key,
            lines.source_system,
            lines.order_line_id,
            lines.sku,
            lines.product_title,
            orders.currency,
            lines.quantity,
            refunds.refunded_quantity,
            {{ convert_currency("lines.gross_local", "fx_rates.fx_rate") }} as gross_sales,
            {{ convert_currency("lines.discount_local", "fx_rates.fx_rate") }} as discount_amount,
            {{ convert_currency("refunds.refund_local", "fx_rates.fx_rate") }} as refund_amount,
            cast(
                lines.gross_local - lines.discount_local - refunds.refund_local as decimal(18, 2)
            ) as net_sales_local,
            orders.is_valid_order,
            orders.order_date,
            orders.ordered_at,
            greatest(lines.loaded_at, orders.loaded_at) as loaded_at
        from lines
        inner join orders using (order_key)
        inner join refunds using (order_line_key)
        left join
            fx_rates
            on fx_rates.currency = orders.currency
            and fx_rates.rate_date = orders.order_date
    ),

    final as (
        select
            * exclude (net_sales_local, is_valid_order, order_date, ordered_at, loaded_at),
            cast(gross_sales - discount_amount - refund_amount as decimal(18, 2)) as net_sales,
            net_sales_local,
            is_valid_order,
            order_date,
            ordered_at,
            loaded_at
        from converted
    )

select *
from final
