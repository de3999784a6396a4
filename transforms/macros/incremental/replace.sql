{#-
    Incremental strategies that write what changed and nothing else. They differ in what a new row
    takes the place of:

    - `replace_rows`: the row with its `unique_key`. A new row that is null in `meta.never_null`
      tells that its key is gone.
    - `replace_touched`: all rows of its entity, the column `meta.entity`. Of an entity of which
      nothing is left the new rows hold one with the entity alone: `meta.row_key`, null in no true
      row, is null in it.
    - `replace_partitions`: all rows of its partition, the column `meta.partition_column`. Rows of a
      partition that the new rows no longer hold are gone.
-#}
{% macro get_incremental_replace_rows_sql(arg_dict) %}
    {{-
        return(
            replacing_sql(
                arg_dict, config.require("unique_key"), config.meta_require("never_null")
            )
        )
    -}}
{% endmacro %}

{% macro get_incremental_replace_touched_sql(arg_dict) %}
    {{-
        return(
            replacing_sql(
                arg_dict, config.meta_require("entity"), config.meta_require("row_key")
            )
        )
    -}}
{% endmacro %}

{% macro get_incremental_replace_partitions_sql(arg_dict) %}
    {{- return(replacing_sql(arg_dict, config.meta_require("partition_column"))) -}}
{% endmacro %}

{#- `replaced` and `present` are columns or expressions; without `present` all new rows stay. -#}
{% macro replacing_sql(arg_dict, replaced, present=none) %}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    {%- set target, new_rows = arg_dict["target_relation"], arg_dict["temp_relation"] -%}
    {%- set sql -%}
        delete from {{ target }} where {{ replaced }} in (select {{ replaced }} from {{ new_rows }});
        insert into {{ target }} ({{ columns }})
        select {{ columns }}
        from {{ new_rows }}
        {% if present %} where {{ present }} is not null {% endif %}
    {%- endset -%}
    {{- return(sql) -}}
{% endmacro %}
