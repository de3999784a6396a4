-- grain: one row per product variant (SKU) that is or was on sale in either shop
{{ fed_by(["shopify", "woocommerce"]) }}
with

    shopify_products as (select * from {{ ref("stg_shopify__products") }}),

    shopify_variants as (select * from {{ ref("stg_shopify__product_variants") }}),

    woocommerce_products as (select * from {{ ref("stg_woocommerce__products") }}),

    lines as (select * from {{ ref("int_order_lines_priced") }}),

    costs as (select * from {{ ref("int_product_costs") }} where valid_before is null),

    catalogued as (
        select
            {{
                product_key(
                    "shopify_variants.sku",
                    "'shopify'",
                    "shopify_variants.product_id",
                    "shopify_variants.variant_id",
                )
            }} as product_key,
            shopify_variants.sku,
            shopify_products.product_title as product_name,
            shopify_variants.variant_title as variant_name,
            shopify_products.product_type as category,
            shopify_products.vendor,
            'shopify' as source_system,
            coalesce(shopify_products.is_deleted, false) as is_deleted,
            greatest(shopify_variants.updated_at, shopify_products.updated_at) as updated_at,
            1 as preference
        from shopify_variants
        left join shopify_products using (product_id)
        union all
        select
            {{
                product_key(
                    "sku",
                    "'woocommerce'",
                    "coalesce(parent_product_id, product_id)",
                    "case when parent_product_id is not null then product_id end",
                )
            }},
            sku,
            product_title,
            null,
            category,
            null,
            'woocommerce',
            status = 'trash',
            updated_at,
            2
        from woocommerce_products
        union all
        select product_key, sku, product_title, null, null, null, source_system, true, ordered_at, 3
        from lines
    ),

    -- Shopify describes best, a product on sale better than a deleted one, newer better than older
    described as (
        select
            product_key,
            arg_min(sku, (preference, is_deleted, - epoch_us(updated_at))) as sku,
            arg_min(product_name, (preference, is_deleted, - epoch_us(updated_at))) as product_name,
            arg_min(variant_name, (preference, is_deleted, - epoch_us(updated_at))) as variant_name,
            arg_min(category, (preference, is_deleted, - epoch_us(updated_at))) as category,
            arg_min(vendor, (preference, is_deleted, - epoch_us(updated_at))) as vendor,
            bool_and(is_deleted) as is_deleted,
            bool_or(source_system = 'shopify') as is_sold_on_shopify,
            bool_or(source_system = 'woocommerce') as is_sold_on_woocommerce
        from catalogued
        group by 1
    ),

    sold as (
        select product_key, min(order_date) as first_sold_date, max(order_date) as last_sold_date
        from lines
        where is_valid_order
        group by 1
    ),

    final as (
        select
            described.product_key,
            described.sku,
            described.product_name,
            described.variant_name,
            described.category,
            described.vendor,
            costs.unit_cost,
            described.is_deleted,
            described.is_sold_on_shopify,
            described.is_sold_on_woocommerce,
            sold.first_sold_date,
            sold.last_sold_date
        from described
        left join sold using (product_key)
        left join costs using (product_key)
    )

select *
from final
