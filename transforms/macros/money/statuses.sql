{#- What each status of an order means, for `consumed`. -#}
{% macro meanings_of_statuses() -%}
    select hash(source_system, status) as key_hash, hash(is_valid, is_paid) as fingerprint
    from {{ ref("order_status_map") }}
{%- endmacro %}
