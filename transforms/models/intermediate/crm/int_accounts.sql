-- grain: one row per company that deals with the shops or with the trade desk
with

    domains as (select * from {{ ref("int_account_domains") }}),

    companies as (select * from {{ ref("base__crm__companies") }}),

    named as (
        select
            domains.account_domain,
            bool_or(domains.is_in_crm) as is_in_crm,
            count(*) as domain_count,
            -- after a merger the company that keeps its domain gives the name
            arg_min(
                companies.company_name,
                (
                    domains.domain != domains.account_domain,
                    companies.created_at,
                    companies.company_id
                )
            ) as company_name,
            arg_min(
                companies.company_id,
                (
                    domains.domain != domains.account_domain,
                    companies.created_at,
                    companies.company_id
                )
            ) as company_id,
            min(companies.created_at) as in_crm_since
        from domains
        left join companies using (domain)
        group by domains.account_domain
    )

select *
from named
