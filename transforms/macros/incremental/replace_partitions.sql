{#-
    Incremental strategy: every partition that the new rows touch is replaced whole. The partition
    column is `meta.partition_column`; rows of a partition that the new rows no longer hold are
    gone.
-#}
{% macro get_incremental_replace_partitions_sql(arg_dict) %}
    {%- set column = config.meta_require("partition_column") -%}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    {%- set target, new_rows = arg_dict["target_relation"], arg_dict["temp_relation"] -%}
    {{-
        return(
            "delete from "
            ~ target
            ~ " where "
            ~ column
            ~ " in (select "
            ~ column
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
        )
    -}}
{% endmacro %}
