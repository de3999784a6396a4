{#- A sum of amounts as money; nothing is 0. -#}
{% macro money(amount) -%} cast(coalesce({{ amount }}, 0) as decimal(18, 2)) {%- endmacro %}
