{#-
    An amount in the reporting currency, rounded half up to the cent in DECIMAL (a DOUBLE is off
    by cents).
-#}
{% macro convert_currency(amount, rate) -%}
    cast(
        round(
            cast({{ amount }} as decimal(18, 2)) * cast({{ rate }} as decimal(18, 8)), 2
        ) as decimal(18, 2)
    )
{%- endmacro %}
