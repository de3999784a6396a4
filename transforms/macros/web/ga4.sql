{#-
    One parameter of a GA4 event: the export keeps them as a list of keys, each with its value in
    the column of its type (`string_value`, `int_value`, ...). Null when the event has none.
-#}
{% macro ga4_param(key, type="string_value") -%}
    list_filter(event_params, lambda param:param.key = '{{ key }}')[1].value.{{ type }}
{%- endmacro %}

{#- GA4's own words for nothing: (not set), (direct) and (none). -#}
{% macro ga4_text(value) -%}
    nullif(nullif(nullif(nullif({{ value }}, ''), '(not set)'), '(direct)'), '(none)')
{%- endmacro %}
