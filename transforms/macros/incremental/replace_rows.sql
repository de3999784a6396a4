{#-
    Incremental strategy: writes the rows that changed and no others. A new row takes the place of
    the one with its `unique_key`; one that is null in `meta.never_null` tells that its key is gone.
-#}
{% macro get_incremental_replace_rows_sql(arg_dict) %}
    {%- set key = config.require("unique_key") -%}
    {%- set columns = arg_dict["dest_columns"] | map(attribute="quoted") | join(", ") -%}
    {%- set target, new_rows = arg_dict["target_relation"], arg_dict["temp_relation"] -%}
    {{-
        return(
            "delete from "
            ~ target
            ~ " where "
            ~ key
            ~ " in (select "
            ~ key
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
            ~ config.meta_require("never_null")
            ~ " is not null"
        )
    -}}
{% endmacro %}

{#-
    What `replace_rows` has to write: rows of `final` that `known` lacks or holds otherwise, and the
    keys of those that `final` lacks. Both hold the same entities whole, `known` as this table has
    them, whatever the order of its columns.
-#}
{% macro rows_to_replace(final, known, key) -%}
    (
        select *
        from {{ final }}
        except
        select *
        from
            (
                select *
                from {{ final }}
                where false
                union all by name
                select *
                from {{ known }}
            )
    )
    union all by name
    select {{ key }}
    from {{ known }}
    anti join {{ final }} using ({{ key }})
{%- endmacro %}
