{#-
    The log of dbt's own runs. It is kept over runs and full refreshes alike, holds no value of any
    row, and is the one place, with data_freshness, where the clock of the wall is read.
-#}
{% macro run_result_columns() -%}
    {{-
        return(
            {
                "invocation_id": "varchar",
                "unique_id": "varchar",
                "model_name": "varchar",
                "resource_type": "varchar",
                "status": "varchar",
                "message": "varchar",
                "failures": "bigint",
                "rows_affected": "bigint",
                "was_full_refresh": "boolean",
                "run_started_at": "timestamp",
                "run_completed_at": "timestamp",
                "logged_at": "timestamp",
            }
        )
    -}}
{%- endmacro %}

{#-
    An on-run-end hook: one statement that writes a row for each model, seed, snapshot and test of
    the run. It returns the SQL for dbt to run, since what a hook runs itself is taken back. Rows of
    runs before `run_results_kept_days` leave.
-#}
{% macro log_run_results(results) -%}
    {%- set kinds = ["model", "seed", "snapshot", "test", "unit_test"] -%}
    {%- set rows = [] -%}
    {%- if execute and flags.WHICH in ["build", "run", "seed", "snapshot", "test"] -%}
        {%- for result in results if result.node.resource_type in kinds -%}
            {%- do rows.append(run_result_row(result)) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if rows -%}
        {%- set columns = run_result_columns() -%}
        {%- set schema = generate_schema_name("ops", none) -%}
        create schema if not exists {{ schema }}
        ;
        create table if not exists {{ schema }}.raw_dbt_run_results (
        {%- for name, type in columns.items() %}
            {{ name }} {{ type }} {{- "," if not loop.last }}
        {%- endfor %}
        )
        ;
        delete from {{ schema }}.raw_dbt_run_results
        where
            logged_at < (now() at time zone 'UTC') - interval {{ var("run_results_kept_days") }} day
        ;
        insert into {{ schema }}.raw_dbt_run_results ({{ columns | join(", ") }})
        values
        {{ rows | join(",\n") }}
        ;
    {%- endif -%}
{%- endmacro %}

{#- The values of one result, in the order of the columns. -#}
{% macro run_result_row(result) -%}
    {%- set moments = {} -%}
    {%- for step in result.timing if step.name == "execute" and step.completed_at -%}
        {%- do moments.update(began=step.started_at, ended=step.completed_at) -%}
    {%- endfor -%}
    {%- set columns = run_result_columns() -%}
    {%- set values = {
        "invocation_id": sql_text(invocation_id),
        "unique_id": sql_text(result.node.unique_id),
        "model_name": sql_text(result.node.name),
        "resource_type": sql_text(result.node.resource_type),
        "status": sql_text(result.status),
        "message": sql_text(first_line(result.message)),
        "failures": "null" if result.failures is none else result.failures,
        "rows_affected": (result.adapter_response or {}).get("rows_affected", "null"),
        "was_full_refresh": "true" if flags.FULL_REFRESH else "false",
        "run_started_at": sql_moment(moments.get("began")),
        "run_completed_at": sql_moment(moments.get("ended")),
        "logged_at": sql_moment(run_started_at),
    } -%}
    {%- set ordered = [] -%}
    {%- for name in columns -%} {%- do ordered.append(values[name] | string) -%} {%- endfor -%}
    {{- return("(" ~ ordered | join(", ") ~ ")") -}}
{%- endmacro %}

{#- The first line of a message: it says what failed and where; the lines after it quote values. -#}
{% macro first_line(message) -%}
    {{- return((message | string).strip().split("\n")[0] if message else none) -}}
{%- endmacro %}

{% macro sql_text(value) -%}
    {{- return("null" if value is none else "'" ~ value | string | replace("'", "''") ~ "'") -}}
{%- endmacro %}

{#- A moment of Python, which dbt has in UTC. -#}
{% macro sql_moment(value) -%}
    {{- return("'" ~ value.strftime("%Y-%m-%d %H:%M:%S.%f") ~ "'" if value else "null") -}}
{%- endmacro %}
