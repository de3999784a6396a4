{#- The key of an order over both shops, e.g. shopify:5001. -#}
{% macro order_key(source_system, order_id) -%}
    {{ source_system }} || ':' || {{ order_id }}
{%- endmacro %}
