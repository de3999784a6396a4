{#- The custom schema as it is written; a target named dev or dev_* builds beside it. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set schema = (custom_schema_name or target.schema) | trim -%}
    {{- "dev_" ~ schema if target.name.startswith("dev") else schema -}}
{%- endmacro %}
