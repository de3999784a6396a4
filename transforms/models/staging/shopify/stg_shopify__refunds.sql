-- grain: one row per refund of a Shopify order
with

    source as (select * from {{ ref("base_shopify__order_refunds") }}),

    renamed as (
        select
            cast(id as varchar) as refund_id,
            cast(order_id as varchar) as order_id,
            note,
            {{ sum_of_adjustments("order_adjustments", "refund_discrepancy") }}
            as discrepancy_amount,
            {{ sum_of_adjustments("order_adjustments", "shipping_refund") }}
            as shipping_refund_amount,
            {{ utc("created_at") }} as created_at,
            {{ utc("processed_at") }} as processed_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from source
    )

select *
from renamed
