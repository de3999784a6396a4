-- grain: one row per identifier and stretch of time in which it stood for one person
{{
    config(
        materialized="incremental",
        unique_key="stretch_key",
        incremental_strategy="merge",
        on_schema_change="append_new_columns",
        pre_hook="{{ delete_vanished('stretch_key', ref('int_identity_stretches')) }}",
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

    {{ changed_rows("final") }}
