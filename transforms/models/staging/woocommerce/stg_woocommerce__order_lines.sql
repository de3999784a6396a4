-- grain: one row per line of a WooCommerce order
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

    landed as (select * from {{ ref("base_woocommerce__orders") }}),

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
            nullif(line_item ->> 'variation_id', '0') as variation_id,
            nullif(trim(line_item ->> 'sku'), '') as sku,
            line_item ->> 'name' as product_title,
            {{ json_number("line_item", "quantity", "woocommerce.orders line_items", "bigint") }}
            as quantity,
            {{ json_number("line_item", "subtotal", "woocommerce.orders line_items") }} as subtotal,
            {{ json_number("line_item", "total", "woocommerce.orders line_items") }} as total,
            {{ json_number("line_item", "total_tax", "woocommerce.orders line_items") }}
            as total_tax,
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
