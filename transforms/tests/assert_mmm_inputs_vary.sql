-- Robyn refuses a column that never changes, and no model learns from one: leave it out there
{{ config(severity="warn", enabled=has_source("meta_ads") or has_source("google_ads")) }}
{%- set inputs = [
    "mmm_input_meridian",
    "mmm_input_robyn",
    "mmm_input_meridian_weekly",
    "mmm_input_robyn_weekly",
] %}
{% for input in inputs %}
    {%- set relation = ref(input) %}
    {%- for column in adapter.get_columns_in_relation(relation) %}
        select '{{ input }}' as input, '{{ column.name }}' as column_name
        from {{ relation }}
        having count(distinct {{ column.quoted }}) < 2
        union all
    {%- endfor %}
{% endfor %}
select null, null
where false
