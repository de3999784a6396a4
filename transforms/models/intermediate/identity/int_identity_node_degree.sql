-- grain: one row per identifier, with how many people and accounts it touches
{{ config(materialized="table") }}
with

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    edges as (select * from {{ ref("int_identity_edges") }} where not is_blocked),

    both_ways as (
        select from_identifier_key as identifier_key, to_identifier_key as neighbour_key, strength
        from edges
        union
        select to_identifier_key, from_identifier_key, strength
        from edges
    ),

    accounts as (
        select both_ways.identifier_key, count(distinct both_ways.neighbour_key) as account_count
        from both_ways
        inner join nodes on nodes.identifier_key = both_ways.neighbour_key
        where nodes.identifier_type in ('shopify_customer', 'woo_customer')
        group by both_ways.identifier_key
    ),

    emails_of_too_many as (
        select nodes.identifier_key
        from nodes
        inner join accounts using (identifier_key)
        where
            nodes.identifier_type = 'email'
            and accounts.account_count > {{ var("max_accounts_per_email") }}
    ),

    account_edges as (
        select both_ways.identifier_key, both_ways.neighbour_key
        from both_ways
        anti join
            emails_of_too_many
            on emails_of_too_many.identifier_key
            in (both_ways.identifier_key, both_ways.neighbour_key)
        where both_ways.strength = 'strong'
    ),

    account_components as ({{ connected_components("account_edges") }}),

    -- an anonymous PostHog person is a bag of cookies, not a person that a device could meet
    people as (
        select
            nodes.identifier_key,
            coalesce(account_components.component, nodes.identifier_key) as person
        from nodes
        left join account_components using (identifier_key)
        qualify
            bool_or(nodes.identifier_type in {{ naming_types() }}) over (
                partition by coalesce(account_components.component, nodes.identifier_key)
            )
    ),

    met as (
        select both_ways.identifier_key, count(distinct people.person) as people_count
        from both_ways
        inner join people on people.identifier_key = both_ways.neighbour_key
        where both_ways.strength = 'weak'
        group by both_ways.identifier_key
    ),

    final as (
        select
            nodes.identifier_key,
            case
                when nodes.is_blocked
                then 'blocked'
                when nodes.is_device and met.people_count > {{ var("max_people_per_device") }}
                then 'shared_device'
                when emails_of_too_many.identifier_key is not null
                then 'shared_email'
            end as quarantine_reason,
            coalesce(met.people_count, 0) as people_count,
            coalesce(accounts.account_count, 0) as account_count
        from nodes
        left join met using (identifier_key)
        left join accounts using (identifier_key)
        left join emails_of_too_many using (identifier_key)
    )

select *
from final
