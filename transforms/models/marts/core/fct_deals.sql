-- grain: one row per deal of the trade desk
{{ fed_by(["crm"]) }}
with

    deals as (select * from {{ ref("int_deals_assigned") }}),

    accounts as (select * from {{ ref("int_accounts") }}),

    contacts as (select * from {{ ref("base__crm__contacts") }}),

    dated as (
        select
            *,
            {{ reporting_date("created_at") }} as created_date,
            {{ reporting_date("closed_at") }} as closed_date
        from deals
    ),

    final as (
        select
            dated.deal_id,
            dated.master_customer_id,
            dated.account_domain,
            coalesce(accounts.company_name, contacts.company_name) as company_name,
            dated.deal_name,
            dated.pipeline,
            dated.deal_stage,
            dated.deal_status,
            dated.owner_id,
            dated.contact_count,
            dated.amount,
            dated.is_won,
            dated.deal_status != 'open' as is_closed,
            dated.is_closed_before_created as is_close_date_repaired,
            dated.closed_date - dated.created_date as days_to_close,
            dated.created_date,
            dated.closed_date,
            {{ as_of_date() }} as data_through_date,
            dated.created_at,
            dated.closed_at,
            dated.loaded_at
        from dated
        left join accounts using (account_domain)
        left join contacts on contacts.contact_id = dated.primary_contact_id
    )

select *
from final
