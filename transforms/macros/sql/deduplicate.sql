{#-
    The newest loaded version of each record: connectors append, so a record returns when it
    changes.
-#}
{% macro deduplicate(relation, key) -%}
    select *
    from {{ relation }}
    qualify
        row_number() over (
            partition by {{ key }} order by _airbyte_extracted_at desc, _airbyte_raw_id desc
        )
        = 1
{%- endmacro %}
