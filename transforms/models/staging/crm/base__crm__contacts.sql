-- grain: one row per CRM contact that is there today
with

    contacts as (select * from {{ ref("stg_crm__contacts") }}),

    final as (
        select * exclude (merged_into_contact_id, is_deleted, is_evidence)
        from contacts
        where not is_deleted
    )

select *
from final
