{#-
    The first hook of a run: holds the raw tables that the run reads against what the sources
    declare, and ends the run with one error that lists every fault, before anything is built. What
    was built before stays. See the page on publishing for what is declared and how.
-#}
{% macro check_sources() -%}
    {%- if execute and flags.WHICH in ("build", "run") -%}
        {%- set faults = unknown_sources_off() -%}
        {%- set found = landed_columns() -%}
        {%- set rates = table_of_rates(found) -%}
        {%- for table in graph.sources.values()
            if has_source(table.source_name) and is_read_by_this_run(table.unique_id) -%}
            {%- set columns = found.get(table.schema ~ "." ~ table.identifier, {}) -%}
            {%- set wrong = faults_of_columns(table, columns) -%}
            {%- do faults.extend(wrong or faults_of_rows(table, rates)) -%}
        {%- endfor -%}
        {%- if faults -%}
            {%- set text = faults | sort | join("\n  ") -%}
            {{- exceptions.raise_compiler_error("martlet.bad_sources:\n  " ~ text) -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}

{#- Names in `sources_off` that are no source. -#}
{% macro unknown_sources_off() -%}
    {%- set faults, names = [], [] -%}
    {%- for table in graph.sources.values() -%}
        {%- do names.append(system_of(table.source_name)) -%}
    {%- endfor -%}
    {%- for name in var("sources_off") if name not in names -%}
        {%- set hint = "there are " ~ (names | unique | sort | join(", ")) -%}
        {%- do faults.append("sources_off: there is no source `" ~ name ~ "`; " ~ hint ~ ".") -%}
    {%- endfor -%}
    {{- return(faults) -}}
{%- endmacro %}

{#- A source that a selected model reads; a run of a part needs only the sources of that part. -#}
{% macro is_read_by_this_run(source_id) -%}
    {%- for node in graph.nodes.values()
        if node.resource_type == "model" and source_id in node.depends_on.nodes -%}
        {%- if node.unique_id in selected_resources -%} {{- return(true) -}}
        {%- elif node.config.materialized == "ephemeral" -%}
            {%- for child in graph.nodes.values()
                if node.unique_id in child.depends_on.nodes
                and child.unique_id in selected_resources -%}
                {{- return(true) -}}
            {%- endfor -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(false) -}}
{%- endmacro %}

{#- The columns of every table, by `schema.table`: name and type. -#}
{% macro landed_columns() -%}
    {%- set found = {} -%}
    {%- set rows = run_query(
        "select schema_name || '.' || table_name, column_name, data_type from duckdb_columns()"
        ~ " where database_name = current_database() and not internal"
    ) -%}
    {%- for table, column, type in rows.rows -%}
        {%- do found.setdefault(table, {}).update({column: type}) -%}
    {%- endfor -%}
    {{- return(found) -}}
{%- endmacro %}

{#- What is wrong with the columns of a raw table; `columns` are those that landed. -#}
{% macro faults_of_columns(table, columns) -%}
    {%- set name = table.source_name ~ "." ~ table.name -%}
    {%- set where = " (" ~ table.schema ~ "." ~ table.identifier ~ ")" -%}
    {%- if not columns -%}
        {%- set off = "add `" ~ system_of(table.source_name) ~ "` to sources_off." -%}
        {%- set todo = "Load it, or " ~ off -%}
        {{- return([name ~ where ~ ": the table is missing. " ~ todo]) -}}
    {%- endif -%}
    {%- set faults, declared = [], table.columns.values() | map(attribute="name") | list -%}
    {%- set lower = {} -%}
    {%- for column in columns -%} {%- do lower.update({column | lower: column}) -%} {%- endfor -%}
    {%- for column in table.columns.values() -%}
        {%- set type = columns.get(lower.get(column.name | lower, "")) -%}
        {%- if not type -%}
            {%- set near = nearest(column.name, columns.keys() | reject("in", declared) | list) -%}
            {%- set todo = (
                (
                    "`"
                    ~ near
                    ~ "` is near: name it so again at the source, or read it in staging."
                )
                if near
                else "Load it, or take it out of staging and of the source's columns."
            ) -%}
            {%- do faults.append(
                name ~ ": the column `" ~ column.name ~ "` is missing. " ~ todo
            ) -%}
        {%- elif type_family(type) != type_family(column.data_type) -%}
            {%- do faults.append(
                name
                ~ ": the column `"
                ~ column.name
                ~ "` is "
                ~ type
                ~ ", not "
                ~ column.data_type
                ~ ". "
                ~ misfits(table, column, type)
                ~ "Land it with its type again, or cast it in staging."
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(faults) -}}
{%- endmacro %}

{#- How many values of a column, that came as text, are none of the type they should have. -#}
{% macro misfits(table, column, type) -%}
    {%- if type_family(type) != "text" -%} {{- return("") -}} {%- endif -%}
    {%- set rows = run_query(
        'select count("'
        ~ column.name
        ~ '") - count(try_cast("'
        ~ column.name
        ~ '" as '
        ~ column.data_type
        ~ ")) from "
        ~ table.relation_name
    ) -%}
    {%- set count = rows.rows[0][0] -%}
    {{-
        return(
            count
            ~ " of its values "
            ~ ("is" if count == 1 else "are")
            ~ " no "
            ~ column.data_type
            ~ ". "
        )
    -}}
{%- endmacro %}

{#-
    What is wrong with the rows of a raw table, looked at once: none at all, no key, a time before
    2000 or a day after the table's last load, text that should be a number or a moment, a currency
    without a rate, an unknown word. `rates` is the table of exchange rates, where it has landed.
-#}
{% macro faults_of_rows(table, rates=none) -%}
    {%- set name = table.source_name ~ "." ~ table.name -%}
    {%- set system = system_of(table.source_name) -%}
    {%- set checks = [] -%}
    {%- set lands = table.loaded_at_field or "null" -%}
    {%- if not table.config.meta.get("may_be_empty") -%}
        {%- do checks.append(
            (
                "count(*) = 0",
                "the table is empty. Load it, or add `" ~ system ~ "` to sources_off.",
            )
        ) -%}
    {%- endif -%}
    {%- if table.config.meta.get("key") -%}
        {%- do checks.append(
            (
                "count(*) - count(distinct (" ~ table.config.meta["key"]
                | join(", ") ~ "))",
                "{} a key that another row has: " ~ table.config.meta["key"]
                | join(", ") ~ ". Leave one row of each.",
            )
        ) -%}
    {%- endif -%}
    {%- for column in table.columns.values() -%}
        {%- set said, quoted = column.config.meta, '"' ~ column.name ~ '"' -%}
        {%- set moment = moment_of(quoted, column.data_type, said) -%}
        {%- if moment and not said.get("may_be_wrong") -%}
            {%- set last = (
                "timestamptz '2100-01-01 00:00:00+00'"
                if said.get("may_lie_ahead")
                else "(select max("
                ~ lands
                ~ ")::timestamptz + interval 1 day from "
                ~ table.relation_name
                ~ ")"
            ) -%}
            {%- do checks.append(
                (
                    "count_if(" ~ moment ~ " < timestamptz '2000-01-01 00:00:00+00')",
                    "{} a `"
                    ~ column.name
                    ~ "` before the year 2000."
                    ~ " Correct or delete them at the source.",
                )
            ) -%}
            {%- do checks.append(
                (
                    "count_if(" ~ moment ~ " > " ~ last ~ ")",
                    "{} a `"
                    ~ column.name
                    ~ "` in the future of their load."
                    ~ " Correct or delete them at the source.",
                )
            ) -%}
        {%- endif -%}
        {%- if said.get("holds") == "moment" -%}
            {%- do checks.append(
                (
                    "count(nullif(trim(" ~ quoted ~ "), '')) - count(" ~ moment ~ ")",
                    "{} text in `"
                    ~ column.name
                    ~ "` that is no moment."
                    ~ " Correct it at the source.",
                )
            ) -%}
        {%- endif -%}
        {%- if said.get("holds") == "day" -%}
            {#- compared as text, which costs less than reading a day from each of many rows -#}
            {%- do checks.append(
                (
                    "count_if("
                    ~ quoted
                    ~ " not between '20000101' and strftime((select max("
                    ~ lands
                    ~ ")::timestamptz + interval 1 day from "
                    ~ table.relation_name
                    ~ ") at time zone 'UTC', '%Y%m%d') or length("
                    ~ quoted
                    ~ ") != 8)",
                    "{} a `"
                    ~ column.name
                    ~ "` that is no day, as YYYYMMDD, from 2000 to its load."
                    ~ " Correct or delete them at the source.",
                )
            ) -%}
        {%- endif -%}
        {%- if said.get("holds") == "number" -%}
            {%- set text = "nullif(trim(" ~ quoted ~ "), '')" -%}
            {%- do checks.append(
                (
                    "count("
                    ~ text
                    ~ ") - count(try_cast("
                    ~ text
                    ~ " as decimal(38, 9)))",
                    "{} text in `"
                    ~ column.name
                    ~ "` that is no number."
                    ~ " Correct it at the source.",
                )
            ) -%}
        {%- endif -%}
        {%- if said.get("holds") == "currency" and rates -%}
            {%- do checks.append(
                (
                    "count_if(upper("
                    ~ quoted
                    ~ ") not in (select '"
                    ~ var("reporting_currency")
                    ~ "' union all select upper(from_currency) from "
                    ~ rates
                    ~ "))",
                    "{} a `"
                    ~ column.name
                    ~ "` that has no exchange rate. Load its rates into reference.fx_rates.",
                )
            ) -%}
        {%- endif -%}
        {%- if said.get("known") -%}
            {%- do checks.append(
                (
                    "count_if(" ~ quoted ~ " not in ('" ~ said["known"]
                    | join("', '") ~ "'))",
                    "{} a `"
                    ~ column.name
                    ~ "` that is not known. Say in "
                    ~ said["told_in"]
                    ~ " what it means, and add it to the source's known values.",
                )
            ) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- return(counted_faults(table, name, checks)) -}}
{%- endmacro %}

{#- SQL for the moment that a value tells, null where it tells none; empty for what is no moment. -#}
{% macro moment_of(quoted, type, said) -%}
    {%- if type_family(type) == "time" -%} {{- return(quoted ~ "::timestamptz") -}}
    {%- elif said.get("holds") == "microseconds" -%}
        {{- return("make_timestamptz(" ~ quoted ~ ")") -}}
    {%- elif said.get("holds") == "moment" -%}
        {{- return("try_cast(" ~ quoted ~ " as timestamptz)") -}}
    {%- endif -%}
    {{- return("") -}}
{%- endmacro %}

{#- The table of exchange rates, when it landed with its columns. -#}
{% macro table_of_rates(found) -%}
    {%- for table in graph.sources.values() if table.name == "fx_rates" -%}
        {%- if "from_currency" in found.get(table.schema ~ "." ~ table.identifier, {}) -%}
            {{- return(table.relation_name) -}}
        {%- endif -%}
    {%- endfor -%}
    {{- return(none) -}}
{%- endmacro %}

{#- Counts what the checks ask for in one scan; what is not 0 is a fault, told with its number. -#}
{% macro counted_faults(table, name, checks) -%}
    {%- set faults = [] -%}
    {%- if checks -%}
        {%- set counts = checks | map(attribute=0) | join(", ") -%}
        {%- set row = run_query("select " ~ counts ~ " from " ~ table.relation_name).rows[0] -%}
        {%- for _, told in checks -%}
            {%- set count = row[loop.index0] | int -%}
            {%- set rows = "1 row has" if count == 1 else count ~ " rows have" -%}
            {%- if count -%}
                {%- do faults.append(name ~ ": " ~ told | replace("{}", rows)) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
    {{- return(faults) -}}
{%- endmacro %}

{#- The most similar of the names, or nothing when none is. -#}
{% macro nearest(name, names) -%}
    {%- if not names -%} {{- return("") -}} {%- endif -%}
    {%- set rows = run_query(
        "select name from (select unnest(['" ~ names
        | join("', '")
        ~ "']) as name)"
        ~ " where jaro_winkler_similarity(lower(name), '"
        ~ name
        | lower
        ~ "') > 0.75"
        ~ " order by jaro_winkler_similarity(lower(name), '"
        ~ name
        | lower ~ "') desc, name limit 1"
    ) -%}
    {{- return(rows.rows[0][0] if rows.rows else "") -}}
{%- endmacro %}

{#- What a type is good for; types of one family stand in for each other. -#}
{% macro type_family(type) -%}
    {%- set type = type | lower -%}
    {%- if type.endswith("[]") or type.startswith("struct") -%} {{- return("nested") -}}
    {%- elif type.startswith("timestamp") or type.startswith("date") -%} {{- return("time") -}}
    {%- elif type.startswith("bool") -%} {{- return("boolean") -}}
    {%- elif type in ("varchar", "text", "json", "uuid") -%} {{- return("text") -}}
    {%- else -%} {{- return("number") -}}
    {%- endif -%}
{%- endmacro %}
