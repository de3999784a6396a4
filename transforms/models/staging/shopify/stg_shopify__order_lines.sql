-- grain: one row per line of a Shopify order
with

    orders as (select * from {{ ref("base_shopify__orders") }}),

    lines as (
        select
            id as order_id, _airbyte_extracted_at, unnest(cast(line_items as json[])) as line_item
        from orders
    ),

    renamed as (
        select
            line_item ->> 'id' as order_line_id,
            cast(order_id as varchar) as order_id,
            line_item ->> 'product_id' as product_id,
            line_item ->> 'variant_id' as variant_id,
            nullif(trim(line_item ->> 'sku'), '') as sku,
            line_item ->> 'title' as product_title,
            line_item ->> 'variant_title' as variant_title,
            line_item ->> 'vendor' as vendor,
            cast(line_item ->> 'quantity' as bigint) as quantity,
            cast(line_item ->> 'price' as decimal(18, 2)) as unit_price,
            cast(line_item ->> 'total_discount' as decimal(18, 2)) as line_discount,
            coalesce(
                list_sum(
                    list_transform(
                        cast(line_item -> 'discount_allocations' as json[]),
                        lambda part:cast(part ->> 'amount' as decimal(18, 2))
                    )
                ),
                0
            ) as allocated_discount,
            coalesce(cast(line_item ->> 'gift_card' as boolean), false) as is_gift_card,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from lines
    )

select *
from renamed
