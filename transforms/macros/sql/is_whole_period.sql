{#- Whether all days of a month, week or year that begins on `start` are among the counted. -#}
{% macro is_whole_period(period, start, day_count) -%}
    {{ day_count }} = date_diff('day', {{ start }}, {{ start }} + interval 1 {{ period }})
{%- endmacro %}
