-- grain: one row per Shopify refund, the newest version that was loaded
{{ config(materialized="ephemeral") }}
with

    source as (select * from {{ raw("shopify", "order_refunds") }}),

    newest as ({{ deduplicate("source", "id") }})

select *
from newest
