{#-
    A number that stands for a row, for telling whether a set of rows changed: sums of it differ
    when rows came, went or changed. `kind` is a literal that says what the values are.
-#}
{% macro row_hash(kind, value, at) -%} hash('{{ kind }}', {{ value }}, {{ at }}) {%- endmacro %}
