-- grain: one row per line of a valid order, gift cards left out
{{
    config(
        materialized="incremental",
        unique_key="order_line_key",
        incremental_strategy="merge",
        on_schema_change="fail",
        pre_hook="{{ delete_vanished('order_line_key', "
        ~ "ref('int_order_lines_priced'), 'is_valid_order') }}",
    )
}}
with

    lines as (select * from {{ ref("int_order_lines_priced") }} where is_valid_order),

    orders as (select * from {{ ref("fct_orders") }}),

    products as (select * from {{ ref("dim_products") }}),

    final as (
        select
            lines.order_line_key,
            lines.order_key,
            orders.master_customer_id,
            lines.product_key,
            lines.source_system,
            orders.store,
            orders.channel,
            lines.sku,
            products.product_name,
            products.category,
            lines.currency,
            lines.quantity,
            cast(lines.refunded_quantity as bigint) as refunded_quantity,
            lines.gross_sales,
            lines.discount_amount,
            lines.refund_amount,
            lines.net_sales,
            lines.net_sales_local,
            orders.is_first_order,
            lines.order_date,
            lines.ordered_at,
            lines.loaded_at
        from lines
        inner join orders using (order_key)
        left join products using (product_key)
    )

    {{ changed_rows("final") }}
