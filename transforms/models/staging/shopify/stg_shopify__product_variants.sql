-- grain: one row per Shopify product variant
with

    source as (select * from {{ raw("shopify", "product_variants") }}),

    newest as ({{ deduplicate("source", "id") }}),

    renamed as (
        select
            cast(id as varchar) as variant_id,
            cast(product_id as varchar) as product_id,
            cast(inventory_item_id as varchar) as inventory_item_id,
            nullif(trim(sku), '') as sku,
            title as variant_title,
            barcode,
            cast(price as decimal(18, 2)) as list_price,
            cast(nullif(compare_at_price, '') as decimal(18, 2)) as compare_at_price,
            inventory_quantity,
            {{ utc("created_at") }} as created_at,
            {{ utc("updated_at") }} as updated_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
