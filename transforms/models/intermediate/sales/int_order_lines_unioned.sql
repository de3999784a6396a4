-- grain: one row per order line of either shop without gift cards, in order currency
with

    shopify_lines as (select * from {{ ref("stg_shopify__order_lines") }} where not is_gift_card),

    woocommerce_lines as (select * from {{ ref("stg_woocommerce__order_lines") }}),

    unioned as (
        select
            'shopify' as source_system,
            order_id,
            order_line_id,
            product_id,
            variant_id,
            sku,
            product_title,
            quantity,
            cast(unit_price * quantity as decimal(18, 2)) as gross_local,
            cast(line_discount + allocated_discount as decimal(18, 2)) as discount_local,
            loaded_at
        from shopify_lines
        union all
        select
            'woocommerce',
            order_id,
            order_line_id,
            product_id,
            variation_id,
            sku,
            product_title,
            quantity,
            subtotal,
            cast(subtotal - total as decimal(18, 2)),
            loaded_at
        from woocommerce_lines
    ),

    final as (
        select
            {{ order_key("source_system", "order_id") }} || ':' || order_line_id as order_line_key,
            {{ order_key("source_system", "order_id") }} as order_key,
            {{ product_key("sku", "source_system", "product_id", "variant_id") }} as product_key,
            source_system,
            order_line_id,
            product_id,
            variant_id,
            sku,
            product_title,
            quantity,
            gross_local,
            discount_local,
            loaded_at
        from unioned
    )

select *
from final
