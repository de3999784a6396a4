-- grain: one row per Shopify order and version of it, as it was landed
{{ config(materialized="ephemeral") }}
with source as (select * from {{ raw("shopify", "orders") }})
select *
from source
