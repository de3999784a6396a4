-- grain: one row per identifier and stretch of time in which it stood for one person
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "stretch_key", "row_key": "identifier_type"},
        on_schema_change="append_new_columns",
    )
}}
with

    stretches as (select * from {{ ref("int_identity_stretches") }}),

    final as (
        select
            stretch_key,
            identifier_key,
            identifier_type,
            identifier_value,
            master_customer_id as customer_id,
            {{ generate_surrogate_key(["source_system", "identifier_value"]) }}
            as customer__surrogate_key,
            is_shared_device,
            valid_to is null as is_current,
            valid_from,
            valid_to
        from stretches
    )

    {{ changed_or_gone("final", "stretch_key") }}
