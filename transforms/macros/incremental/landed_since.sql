{#-
    The records that arrived since the newest row that this table has (of the same stream, where it
    has several), all their versions. DuckDB skips the parts of the table that are older, as long
    as the bare column is compared.
-#}
{% macro landed_since(landed, stream=none) -%}
    select *
    from {{ landed }}
    {%- if is_incremental() %}
        where
            _airbyte_extracted_at >= (
                select coalesce(max(seen.loaded_at), timestamp '-infinity')
                from {{ this }} as seen
                {% if stream %} where seen.stream = {{ stream }} {% endif %}
            ) at time zone 'UTC'
    {%- endif %}
{%- endmacro %}
