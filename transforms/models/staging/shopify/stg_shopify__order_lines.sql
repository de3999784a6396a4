-- grain: one row per line of a Shopify order
{{
    config(
        materialized="incremental",
        unique_key="order_line_id",
        incremental_strategy="replace_touched",
        meta={"entity": "order_id", "row_key": "order_line_id"},
        on_schema_change="append_new_columns",
    )
}}
with

    landed as (select * from {{ ref("base_shopify__orders") }}),

    orders as ({{ newest_arrived("landed", "id") }}),

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
            {{ json_number("line_item", "quantity", "shopify.orders line_items", "bigint") }}
            as quantity,
            {{ json_number("line_item", "price", "shopify.orders line_items") }} as unit_price,
            {{ json_number("line_item", "total_discount", "shopify.orders line_items") }}
            as line_discount,
            coalesce(
                list_sum(
                    list_transform(
                        cast(line_item -> 'discount_allocations' as json[]),
                        lambda part:{{ json_number("part", "amount", "shopify.orders line_items") }}
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
{% if is_incremental() %}
    -- of an order without lines, what it held is gone
    union all by name
    select cast(id as varchar) as order_id
    from orders
{% endif %}
