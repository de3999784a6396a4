-- grain: one row per WooCommerce order, the newest version that was loaded
{{ config(materialized="ephemeral") }}
with

    source as (select * from {{ source("woocommerce", "orders") }}),

    newest as ({{ deduplicate("source", "id") }})

select *
from newest
