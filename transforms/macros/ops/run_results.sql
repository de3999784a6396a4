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
    An on-run-end hook: a row for each model, seed, snapshot and test of the run. It returns the SQL
    for dbt to run, since what a hook runs itself is taken back. Rows of runs before
    `run_results_kept_days` leave. Of a message the first line is kept: it says what failed and
    where, and those after it quote values of rows. Results go as one JSON text, which takes a
    fraction of the time of a call of a macro per value.
-#}
{% macro log_run_results(results) -%}
    {%- set logged = [] -%}
    {%- if execute and flags.WHICH in ["build", "run", "seed", "snapshot", "test"] -%}
        {%- set kinds = ["model", "seed", "snapshot", "test", "unit_test"] -%}
        {%- for result in results if result.node.resource_type in kinds -%}
            {%- set steps = (
                result.timing | selectattr("name", "equalto", "execute") | list
            ) + [{}] -%}
            {%- do logged.append(
                {
                    "unique_id": result.node.unique_id,
                    "model_name": result.node.name,
                    "resource_type": result.node.resource_type | string,
                    "status": result.status | string,
                    "message": ((result.message or "") | string).split("\n")[0],
                    "failures": result.failures,
                    "rows_affected": (result.adapter_response or {}).get(
                        "rows_affected"
                    ),
                    "run_started_at": steps[0].started_at | string,
                    "run_completed_at": steps[0].completed_at | string,
                }
            ) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if logged -%}
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
        insert into {{ schema }}.raw_dbt_run_results by name
        select
            '{{ invocation_id }}' as invocation_id,
        {{ "true" if flags.FULL_REFRESH else "false" }} as was_full_refresh,
            timestamp '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S.%f") }}' as logged_at,
            result ->> 'unique_id' as unique_id,
            result ->> 'model_name' as model_name,
            result ->> 'resource_type' as resource_type,
            result ->> 'status' as status,
            nullif(result ->> 'message', '') as message,
            cast(result ->> 'failures' as bigint) as failures,
            cast(result ->> 'rows_affected' as bigint) as rows_affected,
            try_cast(result ->> 'run_started_at' as timestamp) as run_started_at,
            try_cast(result ->> 'run_completed_at' as timestamp) as run_completed_at
        from
            (
                select unnest(cast('{{ tojson(logged) | replace("'", "''") }}' as json[])) as result
            )
    {%- endif -%}
{%- endmacro %}
