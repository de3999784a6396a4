{#- Change in percent, so 12.5 means an eighth more; null after nothing. -#}
{% macro growth_pct(value, previous) -%}
    100.0 * ({{ value }} - {{ previous }}) / nullif({{ previous }}, 0)
{%- endmacro %}
