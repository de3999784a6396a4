-- grain: one row per WooCommerce order and version of it, as it was landed
{{ config(materialized="ephemeral") }}
with source as (select * from {{ raw("woocommerce", "orders") }})
select *
from source
