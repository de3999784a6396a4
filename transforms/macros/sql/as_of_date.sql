{#-
    The day that "today" means: the variable, else the last day that the data reaches. Never the
    clock.
-#}
{% macro as_of_date() -%}
    {%- if var("as_of_date") -%} date '{{ var("as_of_date") }}'
    {%- else -%} (select last_date from {{ ref("int_data_window") }})
    {%- endif -%}
{%- endmacro %}
