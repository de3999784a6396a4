{#-
    A raw table, for the one staging model that reads it. Where the company does not have the
    source (`sources_off`), a table without rows of the columns that the source declares, so that
    all that is built on it stands.
-#}
{% macro raw(source_name, table_name) -%}
    {%- set relation = source(source_name, table_name) -%}
    {#- a unit test has rows of its own, and no graph -#}
    {%- if has_source(source_name) or not graph.sources -%} {{ relation }}
    {%- else -%} {{ rows_of_nothing(source_name, table_name) }}
    {%- endif -%}
{%- endmacro %}

{#- Whether the company has a source. -#}
{% macro has_source(source_name) -%}
    {{- return(system_of(source_name) not in var("sources_off")) -}}
{%- endmacro %}

{#- The name of a source in `sources_off`; the source raw holds what Measure.js sends. -#}
{% macro system_of(source_name) -%}
    {{- return("measure_js" if source_name == "raw" else source_name) -}}
{%- endmacro %}

{% macro rows_of_nothing(source_name, table_name) -%}
    {%- set found = graph.sources.values() | selectattr("source_name", "equalto", source_name) -%}
    {%- set table = found | selectattr("name", "equalto", table_name) | first -%}
    (
        select
            {%- for column in table.columns.values() %}
                cast(null as {{ column.data_type }}) as "{{ column.name }}"
                {{- "," if not loop.last }}
            {%- endfor %}
        where false
    )
{%- endmacro %}

{#-
    Called first in a mart that has no rows without these sources: where the company has none of
    them, the mart is built empty, for what stands on it, and is not published.
-#}
{% macro fed_by(sources) -%}
    {%- if sources | reject("in", var("sources_off")) | list == [] -%}
        {{- config(access="protected", meta={"switched_off": sources | join(" or ")}) -}}
    {%- endif -%}
{%- endmacro %}

{#-
    dbt calls this for the table that a test is about: the test of a source that the company does
    not have sees no rows.
-#}
{% macro get_where_subquery(relation) -%}
    {%- set ns = namespace(off=none) -%}
    {%- if execute and var("sources_off") -%}
        {%- for table in graph.sources.values() if not has_source(table.source_name) -%}
            {%- if table.relation_name == relation | string -%}
                {%- set ns.off = table -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if ns.off -%} {{- return(rows_of_nothing(ns.off.source_name, ns.off.name)) -}}
    {%- else -%} {{- return(default__get_where_subquery(relation)) -}}
    {%- endif -%}
{%- endmacro %}
