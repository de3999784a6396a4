{#-
    A score from 1 to 5: 5 for those who beat at least four fifths of all others, 1 for those who
    beat less than one fifth. `order` puts the weakest first. Equal values score the same, with
    the weakest of them, which ntile does not give: it parts ties by chance.
-#}
{% macro quintile(order, partition="true") -%}
    least(
        5,
        1 + divide(
            5 * (rank() over (partition by {{ partition }} order by {{ order }}) - 1),
            count(*) over (partition by {{ partition }})
        )
    )
{%- endmacro %}
