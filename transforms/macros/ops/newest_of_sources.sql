{#-
    The newest arrival of every source table that is there, with the limits that its source
    declares: read from the project itself, so a new source is watched without being listed. These
    are measurements of the tables, not their data, so they make no lineage.
-#}
{% macro newest_of_sources() -%}
    {%- for source in (graph.sources.values() if execute else []) | sort(attribute="unique_id") -%}
        {%- set relation = load_relation(
            api.Relation.create(
                database=source.database,
                schema=source.schema,
                identifier=source.identifier,
            )
        ) -%}
        {%- if relation and source.loaded_at_field %}
            select
                '{{ relation.schema }}.{{ relation.identifier }}',
                'source',
                cast(
                    max(cast({{ source.loaded_at_field }} as timestamptz))
                    at time zone 'UTC' as timestamp
                ),
                {{ hours_of(source.freshness, "warn_after") }},
                {{ hours_of(source.freshness, "error_after") }}
            from {{ relation }}
            union all
        {%- endif -%}
    {%- endfor %}
    select null, null, null, null, null
    where false
{%- endmacro %}

{#- A limit of a source's freshness in hours; null where it declares none. -#}
{% macro hours_of(freshness, limit) -%}
    {%- set declared = (freshness or {}).get(limit) or {} -%}
    {%- set hours = {"minute": 1 / 60, "hour": 1, "day": 24}.get(declared.get("period")) -%}
    {{- declared.count * hours if hours and declared.get("count") else "null" -}}
{%- endmacro %}
