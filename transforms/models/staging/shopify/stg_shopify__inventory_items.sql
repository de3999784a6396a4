-- grain: one row per inventory item and change of it; all costs ever landed
with

    source as (select * from {{ raw("shopify", "inventory_items") }}),

    newest as ({{ deduplicate("source", "id, updated_at") }}),

    renamed as (
        select
            cast(id as varchar) as inventory_item_id,
            nullif(trim(sku), '') as sku,
            cast(cost as decimal(18, 2)) as unit_cost,
            tracked as is_tracked,
            {{ utc("created_at") }} as created_at,
            {{ utc("updated_at") }} as updated_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
