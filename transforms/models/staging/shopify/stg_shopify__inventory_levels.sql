-- grain: one row per count of an inventory item at a location; all counts ever landed
with

    source as (select * from {{ raw("shopify", "inventory_levels") }}),

    newest as ({{ deduplicate("source", "id, updated_at") }}),

    renamed as (
        select
            id as inventory_level_id,
            cast(inventory_item_id as varchar) as inventory_item_id,
            cast(location_id as varchar) as location_id,
            available,
            cast(
                {{
                    sum_of_list(
                        "quantities",
                        "name",
                        "on_hand",
                        "quantity",
                        "shopify.inventory_levels quantities",
                    )
                }} as bigint
            ) as on_hand,
            {{ utc("updated_at") }} as counted_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
