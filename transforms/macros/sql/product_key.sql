{#-
    The key of what was sold, over both shops: the SKU, which the shops share, and without one the
    shop's own ids, e.g. sku:KP-TENT-2 or shopify:77:901.
-#}
{% macro product_key(sku, source_system, product_id, variant_id) -%}
    coalesce(
        'sku:' || upper({{ sku }}),
        {{ source_system }}
        || ':'
        || coalesce({{ product_id }}, '')
        || ':'
        || coalesce({{ variant_id }}, '')
    )
{%- endmacro %}
