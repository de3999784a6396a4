-- grain: one row per Shopify product
with

    source as (select * from {{ raw("shopify", "products") }}),

    newest as ({{ deduplicate("source", "id") }}),

    renamed as (
        select
            cast(id as varchar) as product_id,
            title as product_title,
            handle,
            product_type,
            vendor,
            status,
            tags,
            deleted_at is not null as is_deleted,
            {{ utc("created_at") }} as created_at,
            {{ utc("updated_at") }} as updated_at,
            {{ utc("published_at") }} as published_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
