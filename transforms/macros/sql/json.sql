{#- The text under one key; keys such as $current_url need the quoted path. -#}
{% macro json_text(column, key) -%} {{ column }} ->> '$."{{ key }}"' {%- endmacro %}

{#- Sum of the amounts of one kind in Shopify's order_adjustments, as a positive amount. -#}
{% macro sum_of_adjustments(column, kind) -%}
    {{ sum_of_list(column, "kind", kind, "amount", sign="-") }}
{%- endmacro %}

{#- Sum of the values of one action type in Meta's lists of actions. -#}
{% macro sum_of_actions(column, action_type) -%}
    {{ sum_of_list(column, "action_type", action_type, "value") }}
{%- endmacro %}

{#-
    Sum of `value_key` over the objects of a JSON list whose `kind_key` is `kind`; 0 when there is
    none.
-#}
{% macro sum_of_list(column, kind_key, kind, value_key, sign="") -%}
    coalesce(
        list_sum(
            list_transform(
                list_filter(
                    cast({{ column }} as json[]),
                    lambda part:part ->> '{{ kind_key }}' = '{{ kind }}'
                ),
                lambda part:{{ sign }}cast(part ->> '{{ value_key }}' as decimal(18, 2))
            )
        ),
        0
    )
{%- endmacro %}
