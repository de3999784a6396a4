{#-
    The newest version of each record that arrived since the newest row that this table has (of
    the same stream, where it has several); of all records in a full refresh. `landed` holds the
    records as they were landed. The newest version of what arrived is the newest of all, so
    nothing else need be read: what cleans a record comes after, and sees few.
-#}
{% macro newest_arrived(landed, key, stream=none) -%}
    with arrived as ({{ landed_since(landed, stream) }}) {{ deduplicate("arrived", key) }}
{%- endmacro %}

{#-
    The records that arrived, all their versions. DuckDB skips the parts of the table that are
    older, as long as the bare column is compared.
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
