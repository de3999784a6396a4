{#-
    Incremental strategy: all rows of every entity that the new rows name are replaced, and those
    of no other. The entity's column is `meta.entity`. Of an entity of which nothing is left the
    new rows hold one with the entity alone: `meta.row_key`, null in no true row, is null in it.
-#}
{% macro get_incremental_replace_touched_sql(arg_dict) %}
    {%- set entity, row_key = config.meta_require("entity"), config.meta_require("row_key") -%}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    {%- set target, new_rows = arg_dict["target_relation"], arg_dict["temp_relation"] -%}
    {{-
        return(
            "delete from "
            ~ target
            ~ " where "
            ~ entity
            ~ " in (select "
            ~ entity
            ~ " from "
            ~ new_rows
            ~ ");\n"
            ~ "insert into "
            ~ target
            ~ " ("
            ~ columns
            ~ ") select "
            ~ columns
            ~ " from "
            ~ new_rows
            ~ " where "
            ~ row_key
            ~ " is not null"
        )
    -}}
{% endmacro %}
