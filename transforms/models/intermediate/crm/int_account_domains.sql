-- grain: one row per mail domain that is a company's own
{{ config(materialized="table") }}
with

    nodes as (select * from {{ ref("int_identity_nodes") }} where identifier_type = 'email'),

    companies as (select * from {{ ref("base__crm__companies") }} where domain != ''),

    judgements as (select * from {{ ref("email_domain_classification") }}),

    merged as (select * from {{ ref("merged_company_domain") }}),

    domains as (
        select {{ extract_email_domain("identifier_value") }} as domain, false as is_in_crm
        from nodes
        where not is_blocked
        union all
        select domain, true
        from companies
    ),

    known as (select domain, bool_or(is_in_crm) as is_in_crm from domains group by domain),

    -- a domain that could be either is a company's where the trade desk has such a company
    final as (
        select
            known.domain,
            coalesce(lower(trim(merged.new_domain)), known.domain) as account_domain,
            known.is_in_crm
        from known
        left join judgements using (domain)
        left join merged on lower(trim(merged.old_domain)) = known.domain
        where
            coalesce(judgements.classification, 'corporate') = 'corporate'
            or (judgements.classification = 'ambiguous' and known.is_in_crm)
    )

select *
from final
