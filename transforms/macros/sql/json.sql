{#- The text under one key; keys such as $current_url need the quoted path. -#}
{% macro json_text(column, key) -%} {{ column }} ->> '$."{{ key }}"' {%- endmacro %}

{#-
    The number under one key of the objects in a raw column (`source.table column`). Text that is
    none ends the run and says where it stands, without what it says.
-#}
{% macro json_number(object, key, landed_in, type="decimal(18, 2)") -%}
    {%- set table, column = landed_in.split(" ") -%}
    {%- set told = (
        table
        ~ ": text in `"
        ~ key
        ~ "` of `"
        ~ column
        ~ "` that is no number. Correct it at the source."
    ) -%}
    coalesce(
        try_cast(({{ object }} ->> '{{ key }}') as {{ type }}),
        case
            when ({{ object }} ->> '{{ key }}') is not null
            then cast(error('{{ told }}') as {{ type }})
        end
    )
{%- endmacro %}

{#- Sum of the amounts of one kind in Shopify's order_adjustments, as a positive amount. -#}
{% macro sum_of_adjustments(column, kind) -%}
    {{ sum_of_list(column, "kind", kind, "amount", "shopify.order_refunds " ~ column, sign="-") }}
{%- endmacro %}

{#- Sum of the values of one action type in Meta's lists of actions. -#}
{% macro sum_of_actions(column, action_type) -%}
    {{
        sum_of_list(
            column, "action_type", action_type, "value", "meta_ads.ads_insights " ~ column
        )
    }}
{%- endmacro %}

{#-
    Sum of `value_key` over the objects of a JSON list whose `kind_key` is `kind`; 0 when there is
    none.
-#}
{% macro sum_of_list(column, kind_key, kind, value_key, landed_in, sign="") -%}
    coalesce(
        list_sum(
            list_transform(
                list_filter(
                    cast({{ column }} as json[]),
                    lambda part:part ->> '{{ kind_key }}' = '{{ kind }}'
                ),
                lambda part:{{ sign }}{{ json_number("part", value_key, landed_in) }}
            )
        ),
        0
    )
{%- endmacro %}
