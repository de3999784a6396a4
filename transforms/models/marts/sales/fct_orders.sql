-- grain: one row per valid order of either shop
{{ fed_by(["shopify", "woocommerce"]) }}
{{
    config(
        materialized="incremental",
        unique_key="order_key",
        incremental_strategy="merge",
        on_schema_change="fail",
        pre_hook="{{ delete_vanished('order_key', ref('int_orders_unioned'), 'is_valid_order') }}",
    )
}}
with

    orders as (select * from {{ ref("int_orders_unioned") }} where is_valid_order),

    lines as (select * from {{ ref("int_order_lines_priced") }}),

    order_identities as (select * from {{ ref("int_order_identities") }}),

    identity_map as (select * from {{ ref("int_customer_identity_map") }}),

    channels as (select * from {{ ref("int_order_channels") }}),

    fx_rates as (select * from {{ ref("int_fx_rates_filled") }}),

    lines_summed_to_order as (
        select
            order_key,
            count(*) as line_count,
            sum(quantity) as quantity,
            sum(gross_sales) as gross_sales,
            sum(discount_amount) as discount_amount,
            sum(refund_amount) as refund_amount,
            sum(net_sales) as net_sales,
            max(loaded_at) as loaded_at
        from lines
        group by 1
    ),

    numbered as (
        select
            orders.order_key,
            identity_map.master_customer_id,
            row_number() over (
                partition by identity_map.master_customer_id
                order by orders.ordered_at, orders.order_key
            ) as order_sequence_number
        from orders
        inner join order_identities using (order_key)
        inner join identity_map using (identifier_key)
    ),

    final as (
        select
            orders.order_key,
            numbered.master_customer_id,
            orders.order_id,
            orders.order_number,
            orders.source_system,
            orders.store,
            channels.channel,
            channels.campaign,
            orders.order_status,
            orders.currency,
            orders.country_code,
            numbered.order_sequence_number,
            coalesce(lines.line_count, 0) as line_count,
            cast(coalesce(lines.quantity, 0) as bigint) as quantity,
            {{ money("lines.gross_sales") }} as gross_sales,
            {{ money("lines.discount_amount") }} as discount_amount,
            {{ money("lines.refund_amount") }} as refund_amount,
            {{ money("lines.net_sales") }} as net_sales,
            {{ convert_currency("orders.tax_local", "fx_rates.fx_rate") }} as tax_amount,
            {{ convert_currency("orders.shipping_local", "fx_rates.fx_rate") }} as shipping_amount,
            {{ convert_currency("orders.order_total_local", "fx_rates.fx_rate") }} as order_total,
            orders.order_total_local,
            fx_rates.fx_rate,
            numbered.order_sequence_number = 1 as is_first_order,
            coalesce(lines.refund_amount, 0) > 0 as is_refunded,
            orders.is_guest,
            orders.order_date,
            orders.ordered_at,
            orders.updated_at,
            greatest(orders.loaded_at, lines.loaded_at) as loaded_at
        from orders
        inner join numbered using (order_key)
        left join lines_summed_to_order as lines using (order_key)
        left join channels using (order_key)
        left join
            fx_rates
            on fx_rates.currency = orders.currency
            and fx_rates.rate_date = orders.order_date
    )

    {{ changed_rows("final") }}
