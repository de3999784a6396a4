-- grain: one row per WooCommerce product
with

    source as (select * from {{ raw("woocommerce", "products") }}),

    newest as ({{ deduplicate("source", "id") }}),

    renamed as (
        select
            cast(id as varchar) as product_id,
            nullif(cast(parent_id as varchar), '0') as parent_product_id,
            name as product_title,
            slug as handle,
            nullif(trim(sku), '') as sku,
            type as product_type,
            status,
            stock_status,
            cast(categories as json[])[1] ->> 'name' as category,
            cast(nullif(price, '') as decimal(18, 2)) as list_price,
            cast(nullif(regular_price, '') as decimal(18, 2)) as regular_price,
            cast(nullif(sale_price, '') as decimal(18, 2)) as sale_price,
            stock_quantity,
            coalesce(manage_stock, false) as is_stock_managed,
            {{ utc("date_created_gmt") }} as created_at,
            {{ utc("date_modified_gmt") }} as updated_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
