-- grain: one row per run of dbt and thing it built or tested; the on-run-end hook writes it
{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        on_schema_change="append_new_columns",
        full_refresh=false,
    )
}}
select
    {%- for name, type in run_result_columns().items() %}
        cast(null as {{ type }}) as {{ name }}{{ "," if not loop.last }}
    {%- endfor %}
where false
