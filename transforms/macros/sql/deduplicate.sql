{#-
    The newest loaded version of each record: connectors append, so a record returns when it
    changes. Ordered by one value, since DuckDB then keeps the first row of each key and need not
    sort all of them.
-#}
{% macro deduplicate(relation, key) -%}
    select *
    from {{ relation }}
    qualify
        row_number() over (
            partition by {{ key }} order by (_airbyte_extracted_at, _airbyte_raw_id) desc
        )
        = 1
{%- endmacro %}
