-- grain: one row per Shopify order, the newest version that was loaded
{{ config(materialized="ephemeral") }}
with

    source as (select * from {{ raw("shopify", "orders") }}),

    newest as ({{ deduplicate("source", "id") }}),

    final as (
        {{
            with_forgotten_anonymous(
                "newest", forgotten_shopify_order(), anonymous_shopify_order()
            )
        }}
    )

select *
from final
