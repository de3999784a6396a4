{#-
    The newest version of each CRM record, with `is_deleted` and `synced_at`, whichever connector
    lands it: Fivetran marks with `_fivetran_deleted`, Airbyte with `archived` or
    `_ab_cdc_deleted_at`. A column that the relation lacks is found in `absent`, where it is null.
-#}
{% macro newest_crm_records(relation, key) -%}
    select record.*
    from
        (
            select
                cast(null as boolean) as _fivetran_deleted,
                cast(null as boolean) as archived,
                cast(null as timestamptz) as _ab_cdc_deleted_at,
                cast(null as timestamptz) as _fivetran_synced,
                cast(null as timestamptz) as _airbyte_extracted_at
        ) as absent,
        lateral(
            select
                *,
                coalesce(_fivetran_deleted, archived, false)
                or _ab_cdc_deleted_at is not null as is_deleted_record,
                coalesce(_fivetran_synced, _airbyte_extracted_at) as synced_at
            from {{ relation }}
        ) as record
    qualify row_number() over (partition by {{ key }} order by synced_at desc, hash(record)) = 1
{%- endmacro %}
