{#-
    Counts the nulls of a table, column by column:

        dbt run-operation check_nulls --args '{table_name: events_sessionated}'

    `columns` names those that matter, all without it; with `fail: true` a null in one of them ends
    the command with an error.
-#}
{% macro check_nulls(table_name, columns=none, fail=false) -%}
    {%- set relation = relation_of_model(table_name) -%}
    {%- set known = adapter.get_columns_in_relation(relation) | map(attribute="name") | list -%}
    {%- set asked = [columns] if columns is string else (columns or known) -%}
    {%- for column in asked if column not in known -%}
        {%- do exceptions.raise_compiler_error(
            "`" ~ table_name ~ "` has no column `" ~ column ~ "`. It has: " ~ known
            | join(", ")
        ) -%}
    {%- endfor -%}
    {%- set counted -%}
        select
            count(*)
            {%- for column in asked %}, count(*) - count({{ adapter.quote(column) }}) {%- endfor %}
        from {{ relation }}
    {%- endset -%}
    {%- set counts = run_query(counted).rows[0].values() -%}
    {%- set found = [] -%}
    {%- for column in asked -%}
        {%- set nulls = counts[loop.index] -%}
        {%- if nulls -%}
            {%- do found.append(column ~ ": " ~ nulls ~ " of " ~ counts[0] ~ " null") -%}
        {%- endif -%}
    {%- endfor -%}
    {%- set what = relation.schema ~ "." ~ relation.identifier -%}
    {%- if found and fail -%}
        {%- do exceptions.raise_compiler_error(what ~ " has nulls. " ~ found | join("; ")) -%}
    {%- endif -%}
    {%- set told = found | join("\n  ") if found else "no nulls" -%}
    {%- do print(what ~ ", " ~ counts[0] ~ " rows, " ~ asked | length ~ " columns:\n  " ~ told) -%}
{%- endmacro %}

{#- Where a model, seed or snapshot of this project stands. -#}
{% macro relation_of_model(name) -%}
    {%- set found = [] -%}
    {%- set names = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type in ["model", "seed", "snapshot"] -%}
        {%- do names.append(node.name) -%}
        {%- if node.name == name -%} {%- do found.append(node) -%} {%- endif -%}
    {%- endfor -%}
    {%- if not found -%}
        {%- do exceptions.raise_compiler_error(
            "There is no model `" ~ name ~ "`. There are: " ~ names | sort | join(", ")
        ) -%}
    {%- endif -%}
    {%- set relation = load_relation(
        api.Relation.create(
            database=found[0].database,
            schema=found[0].schema,
            identifier=found[0].alias,
        )
    ) -%}
    {%- if not relation -%}
        {%- do exceptions.raise_compiler_error(
            "`"
            ~ name
            ~ "` is not built yet. Run `dbt build --select +"
            ~ name
            ~ "` first."
        ) -%}
    {%- endif -%}
    {{- return(relation) -}}
{%- endmacro %}
