{#-
    Variables that shape the rows of incremental tables: a day would go by the new value, and what
    was built before by the old one. All others are applied to all rows by every run.
-#}
{% macro shaping_variables() -%}
    {{-
        return(
            [
                "bot_events_per_hour",
                "bot_events_per_minute",
                "ga4_key_events",
                "journey_length",
                "last_non_direct_days",
                "max_accounts_per_email",
                "max_cluster_size",
                "max_people_per_device",
                "own_site",
                "placeholder_ids",
                "reporting_currency",
                "reporting_timezone",
                "session_idle_minutes",
                "sources_off",
                "staff_networks",
            ]
        )
    -}}
{%- endmacro %}

{#- An on-run-start hook: to what was built with other values nothing is added. -#}
{% macro check_variables() -%}
    {%- if execute and flags.WHICH in ("build", "run") and not is_built_anew() -%}
        {%- set faults = [] -%}
        {%- for name, value in known_variables().items() if name in shaping_variables() -%}
            {%- if value != tojson(var(name)) -%}
                {%- do faults.append(
                    "`"
                    ~ name
                    ~ "` is "
                    ~ tojson(var(name))
                    ~ ", and was "
                    ~ value
                    ~ " before."
                ) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- if faults -%}
            {{-
                exceptions.raise_compiler_error(
                    "Variables changed that shape tables which a run only adds to:\n  " ~ faults
                    | join("\n  ")
                    ~ "\nBuild all of them anew (`martlet build --full-refresh`, or `dbt build"
                    ~ " --full-refresh` of all), or set the variables back."
                )
            -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#-
    An on-run-end hook: the values that all tables have been built with. Those of before stay until
    every incremental table was built in full, without a failure.
-#}
{% macro remember_variables(results) -%}
    {%- if execute and flags.WHICH in ("build", "run") -%}
        {%- set failed = (
            results
            | rejectattr("status", "in", ["success", "pass", "warn", "no-op"])
            | list
        ) -%}
        {%- set known = {} if is_built_anew() and not failed else known_variables() -%}
        {%- set rows = [] -%}
        {%- for name in shaping_variables() -%}
            {%- set value = known.get(name, tojson(var(name))) | replace("'", "''") -%}
            {%- do rows.append("('" ~ name ~ "', '" ~ value ~ "')") -%}
        {%- endfor -%}
        create or replace table {{ table_of_variables() }} as
        select *
        from (values {{ rows | join(", ") }}) as known(name, value)
    {%- endif -%}
{%- endmacro %}

{#- Whether this run builds every incremental table in full, whatever words it was called with. -#}
{% macro is_built_anew() -%}
    {%- set left_out = [] -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == "model"
        and node.config.materialized == "incremental"
        and node.package_name == project_name
        and node.unique_id not in selected_resources -%}
        {%- do left_out.append(node.name) -%}
    {%- endfor -%}
    {{- return(flags.FULL_REFRESH and not left_out) -}}
{%- endmacro %}

{#- Values as JSON, by name; none before the first run. -#}
{% macro known_variables() -%}
    {%- set table = table_of_variables() -%}
    {%- set known = {} -%}
    {%- set found = run_query(
        "select 1 from duckdb_tables() where database_name = '"
        ~ table.database
        ~ "' and schema_name = '"
        ~ table.schema
        ~ "' and table_name = '"
        ~ table.identifier
        ~ "'"
    ) -%}
    {%- if found.rows | length -%}
        {%- for row in run_query("select name, value from " ~ table).rows -%}
            {%- do known.update({row[0]: row[1]}) -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(known) -}}
{%- endmacro %}

{% macro table_of_variables() -%}
    {{-
        return(
            api.Relation.create(
                database=target.database,
                schema=generate_schema_name("consumed", none),
                identifier="variables",
            )
        )
    -}}
{%- endmacro %}
