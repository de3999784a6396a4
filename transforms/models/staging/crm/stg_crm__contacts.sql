-- grain: one row per CRM contact, deleted ones among them
with

    source as (select * from {{ raw("crm", "contacts") }}),

    newest as ({{ newest_crm_records("source", "id") }}),

    kept as ({{ without_forgotten("newest", forgotten_crm_contact()) }}),

    merges as (
        select
            cast(id as varchar) as merged_into_contact_id,
            trim(unnest(string_split(property_hs_merged_object_ids, ';'))) as merged_contact_id
        from kept
    ),

    winners as (
        select merged_contact_id, min(merged_into_contact_id) as merged_into_contact_id
        from merges
        where merged_contact_id not in ('', merged_into_contact_id)
        group by merged_contact_id
    ),

    renamed as (
        select
            cast(kept.id as varchar) as contact_id,
            {{ normalize_email("kept.property_email") }} as email,
            kept.property_firstname as first_name,
            kept.property_lastname as last_name,
            kept.property_company as company_name,
            kept.property_jobtitle as job_title,
            kept.property_phone as phone,
            lower(kept.property_lifecyclestage) as lifecycle_stage,
            nullif(trim(kept.external_id), '') as shopify_customer_id,
            winners.merged_into_contact_id,
            kept.is_deleted_record as is_deleted,
            -- what was merged still tells who is who, what was thrown away does not
            not kept.is_deleted_record or winners.merged_contact_id is not null as is_evidence,
            {{ utc("kept.property_createdate") }} as created_at,
            {{ utc("kept.property_lastmodifieddate") }} as updated_at,
            {{ utc("kept.synced_at") }} as loaded_at
        from kept
        left join winners on winners.merged_contact_id = cast(kept.id as varchar)
    )

select *
from renamed
