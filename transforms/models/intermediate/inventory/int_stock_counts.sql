-- grain: one row per inventory item, location and day on which it was counted
with

    levels as (select * from {{ ref("stg_shopify__inventory_levels") }}),

    variants as (select * from {{ ref("stg_shopify__product_variants") }}),

    -- a count at midnight closes the day that has just ended
    dated as (
        select *, {{ reporting_date("(levels.counted_at - interval 1 microsecond)") }} as counted_on
        from levels
        qualify
            row_number() over (
                partition by inventory_item_id, location_id, counted_on order by counted_at desc
            )
            = 1
    ),

    -- an item whose variant is gone from the catalogue can be neither named nor sold
    final as (
        select
            {{
                product_key(
                    "variants.sku",
                    "'shopify'",
                    "variants.product_id",
                    "variants.variant_id",
                )
            }} as product_key,
            dated.inventory_item_id,
            dated.location_id,
            dated.available,
            dated.on_hand,
            dated.counted_on,
            lead(dated.counted_on) over (
                partition by dated.inventory_item_id, dated.location_id order by dated.counted_on
            ) as next_counted_on
        from dated
        inner join variants using (inventory_item_id)
    )

select *
from final
