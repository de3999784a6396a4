-- grain: one row per WooCommerce order, the newest version that was loaded
{{ config(materialized="ephemeral") }}
with

    source as (select * from {{ raw("woocommerce", "orders") }}),

    newest as ({{ deduplicate("source", "id") }}),

    final as (
        {{
            with_forgotten_anonymous(
                "newest", forgotten_woocommerce_order(), anonymous_woocommerce_order()
            )
        }}
    )

select *
from final
