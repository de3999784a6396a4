-- grain: one row per person who writes from a company's own domain, with that company
{{ config(materialized="table") }}
with

    identity_map as (
        select * from {{ ref("int_customer_identity_map") }} where identifier_type = 'email'
    ),

    nodes as (select * from {{ ref("int_identity_nodes") }} where identifier_type = 'email'),

    contacts as (select * from {{ ref("base__crm__contacts") }}),

    domains as (select * from {{ ref("int_account_domains") }}),

    contact_emails as (select distinct email from contacts where email is not null),

    addresses as (
        select
            identity_map.master_customer_id,
            identity_map.identifier_value as email,
            domains.account_domain,
            contact_emails.email is not null as is_in_crm,
            nodes.observation_count,
            nodes.last_seen_at
        from identity_map
        inner join nodes using (identifier_key)
        inner join
            domains on domains.domain = {{ extract_email_domain("identity_map.identifier_value") }}
        left join contact_emails on contact_emails.email = identity_map.identifier_value
        where identity_map.match_rule != 'shared_email'
    ),

    -- the trade desk's address counts first, then the one seen most, and of those the last
    final as (
        select master_customer_id, account_domain, email as account_email
        from addresses
        qualify
            row_number() over (
                partition by master_customer_id
                order by is_in_crm desc, observation_count desc, last_seen_at desc, email
            )
            = 1
    )

select *
from final
