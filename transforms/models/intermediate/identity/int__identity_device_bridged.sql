-- grain: one row per identifier and stretch of time in which it stood for one person
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "stretch_key", "row_key": "identifier_type"},
        on_schema_change="append_new_columns",
    )
}}
{#- the keys are hashes of these -#}
{%- set compared = [
    "identifier_key",
    "identifier_type",
    "identifier_value",
    "source_system",
    "customer_id",
    "is_shared_device",
    "valid_from",
    "valid_to",
] %}
with

    stretches as (
        select
            identifier_key,
            identifier_type,
            identifier_value,
            source_system,
            master_customer_id as customer_id,
            is_shared_device,
            valid_from,
            valid_to
        from {{ ref("int_identity_stretches") }}
    ),

    changed as ({{ unlike_known("stretches", compared) }}),

    final as (
        select
            {{ generate_surrogate_key(["identifier_key", "valid_from"]) }} as stretch_key,
            identifier_key,
            identifier_type,
            identifier_value,
            source_system,
            customer_id,
            {{ generate_surrogate_key(["source_system", "identifier_value"]) }}
            as customer__surrogate_key,
            is_shared_device,
            valid_to is null as is_current,
            valid_from,
            valid_to
        from changed
    )

    {{ unlike_or_gone("final", "stretches", compared, "stretch_key") }}
