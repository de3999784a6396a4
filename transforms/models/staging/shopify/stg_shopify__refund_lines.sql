-- grain: one row per order line that a Shopify refund gives back
with

    refunds as (select * from {{ ref("base_shopify__order_refunds") }}),

    lines as (
        select
            id as refund_id,
            order_id,
            _airbyte_extracted_at,
            unnest(cast(refund_line_items as json[])) as line_item
        from refunds
    ),

    renamed as (
        select
            line_item ->> 'id' as refund_line_id,
            cast(refund_id as varchar) as refund_id,
            cast(order_id as varchar) as order_id,
            line_item ->> 'line_item_id' as order_line_id,
            line_item ->> 'restock_type' as restock_type,
            {{
                json_number(
                    "line_item", "quantity", "shopify.order_refunds refund_line_items", "bigint"
                )
            }} as quantity,
            {{ json_number("line_item", "subtotal", "shopify.order_refunds refund_line_items") }}
            as subtotal,
            {{ json_number("line_item", "total_tax", "shopify.order_refunds refund_line_items") }}
            as total_tax,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from lines
    )

select *
from renamed
