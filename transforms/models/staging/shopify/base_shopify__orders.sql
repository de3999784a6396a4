-- grain: one row per Shopify order, the newest version that was loaded
{{ config(materialized="ephemeral") }}
with

    source as (select * from {{ source("shopify", "orders") }}),

    newest as ({{ deduplicate("source", "id") }})

select *
from newest
