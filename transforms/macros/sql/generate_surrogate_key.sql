{#- One text key out of several columns; a null counts as a value of its own. -#}
{% macro generate_surrogate_key(columns) -%}
    md5(
        concat_ws(
            '-',
            {%- for column in columns %}
                coalesce(cast({{ column }} as varchar), '_null_'){{ "," if not loop.last }}
            {%- endfor %}
        )
    )
{%- endmacro %}
