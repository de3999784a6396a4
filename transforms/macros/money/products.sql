{#- What a product says of its lines, for `consumed`: names, and all its costs. -#}
{% macro stamps_of_products() -%}
    select
        hash(product_key) as key_hash,
        hash(
            any_value(products.product_name),
            any_value(products.category),
            list((costs.valid_from, costs.valid_before, costs.unit_cost) order by costs.valid_from)
        ) as fingerprint
    from {{ ref("dim_products") }} as products
    full join {{ ref("int_product_costs") }} as costs using (product_key)
    group by product_key
{%- endmacro %}
