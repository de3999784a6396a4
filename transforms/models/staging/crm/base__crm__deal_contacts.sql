-- grain: one row per deal and contact who takes part in it
with

    source as (select * from {{ raw("crm", "deal_contacts") }}),

    newest as ({{ newest_crm_records("source", "deal_id, contact_id") }}),

    kept as ({{ without_forgotten("newest", forgotten_deal_contact()) }}),

    renamed as (
        select
            cast(deal_id as varchar) as deal_id,
            cast(contact_id as varchar) as contact_id,
            lower(category) as category,
            type_id = {{ var("primary_contact_type_id") }} as is_primary_contact,
            {{ utc("synced_at") }} as loaded_at
        from kept
        where not is_deleted_record
    )

select *
from renamed
