{#-
    The part of `amount` that falls on the first `running` of `total` weights, rounded half up to
    the smallest coin, of which `per_unit` make one unit. Weights are integers. (`divide` is the
    integer division; its operator reads as a comment to the formatter.)
-#}
{% macro cumulative_share(amount, running, total, per_unit) -%}
    cast(
        sign({{ amount }}) * divide(
            2 * cast(abs({{ amount }}) * {{ per_unit }} as hugeint) * ({{ running }}) + {{ total }},
            nullif(2 * {{ total }}, 0)
        )
        / {{ per_unit }} as decimal(18, 2)
    )
{%- endmacro %}
