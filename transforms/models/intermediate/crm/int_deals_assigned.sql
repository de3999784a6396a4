-- grain: one row per CRM deal, with the one person and the company it belongs to
{{ config(materialized="table") }}
with

    deals as (select * from {{ ref("base__crm__deals") }}),

    deal_contacts as (select * from {{ ref("base__crm__deal_contacts") }}),

    identity_map as (select * from {{ ref("int_customer_identity_map") }}),

    customer_accounts as (select * from {{ ref("int_customer_accounts") }}),

    -- one contact, so that no deal is counted twice
    contacts_of_deal as (
        select
            deal_id,
            count(*) as contact_count,
            min(contact_id) filter (where is_primary_contact) as primary_contact_id
        from deal_contacts
        group by deal_id
    ),

    final as (
        select
            deals.deal_id,
            deals.deal_name,
            deals.pipeline,
            deals.deal_stage,
            deals.deal_status,
            deals.owner_id,
            contacts_of_deal.primary_contact_id,
            identity_map.master_customer_id,
            customer_accounts.account_domain,
            coalesce(contacts_of_deal.contact_count, 0) as contact_count,
            deals.amount,
            deals.is_won,
            coalesce(deals.is_closed_before_created, false) as is_closed_before_created,
            deals.created_at,
            deals.closed_at,
            deals.loaded_at
        from deals
        left join contacts_of_deal using (deal_id)
        left join
            identity_map
            on identity_map.identifier_key = 'crm_contact:' || contacts_of_deal.primary_contact_id
        left join
            customer_accounts
            on customer_accounts.master_customer_id = identity_map.master_customer_id
    )

select *
from final
