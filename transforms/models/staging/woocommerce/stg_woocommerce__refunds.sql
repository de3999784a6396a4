-- grain: one row per refund of a WooCommerce order
with

    landed as (select * from {{ ref("base_woocommerce__orders") }}),

    orders as ({{ deduplicate("landed", "id") }}),

    refunds as (
        select id as order_id, _airbyte_extracted_at, unnest(cast(refunds as json[])) as refund
        from orders
    ),

    renamed as (
        select
            refund ->> 'id' as refund_id,
            cast(order_id as varchar) as order_id,
            refund ->> 'reason' as reason,
            - {{ json_number("refund", "total", "woocommerce.orders refunds") }} as refund_total,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from refunds
    )

select *
from renamed
