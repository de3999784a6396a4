-- grain: one row per product variant and period in which a unit of it cost the same
with

    items as (select * from {{ ref("stg_shopify__inventory_items") }} where unit_cost is not null),

    variants as (select * from {{ ref("stg_shopify__product_variants") }}),

    -- of two items under one SKU, the one that changed last tells the cost
    changed as (
        select
            {{
                product_key(
                    "variants.sku",
                    "'shopify'",
                    "variants.product_id",
                    "variants.variant_id",
                )
            }} as product_key,
            items.unit_cost,
            {{ reporting_date("items.updated_at") }} as changed_on
        from items
        inner join variants using (inventory_item_id)
        qualify
            row_number() over (
                partition by product_key, changed_on
                order by items.updated_at desc, items.inventory_item_id desc
            )
            = 1
    ),

    -- the first cost that is known also stands for the time before it
    final as (
        select
            product_key,
            unit_cost,
            case
                when lag(changed_on) over changes is null then date '1900-01-01' else changed_on
            end as valid_from,
            lead(changed_on) over changes as valid_before
        from changed
        window changes as (partition by product_key order by changed_on)
    )

select *
from final
