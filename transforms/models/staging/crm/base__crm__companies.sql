-- grain: one row per CRM company
with

    source as (select * from {{ raw("crm", "companies") }}),

    newest as ({{ newest_crm_records("source", "id") }}),

    renamed as (
        select
            cast(id as varchar) as company_id,
            property_name as company_name,
            lower(
                regexp_replace(trim(property_domain), '^(https?://)?(www\.)?', '', 'i')
            ) as domain,
            {{ utc("property_createdate") }} as created_at,
            {{ utc("synced_at") }} as loaded_at
        from newest
        where not is_deleted_record
    )

select *
from renamed
