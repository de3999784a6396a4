-- grain: one row per identifier, with how many people and accounts it touches
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "identifier_key", "row_key": "person_root"},
        on_schema_change="fail",
    )
}}
{%- set incremental = is_incremental() %}
{%- set max_accounts = var("max_accounts_per_email") %}
with

    nodes as not materialized(select * from {{ ref("int_identity_nodes") }}),

    edges as not materialized(select * from {{ ref("int_identity_edges") }} where not is_blocked),

    both_ways as (
        select
            from_identifier_key as identifier_key,
            to_identifier_key as neighbour_key,
            strength,
            evidence_hash
        from edges
        union all
        select to_identifier_key, from_identifier_key, strength, evidence_hash
        from edges
    ),

    -- all that is said here of an identifier, and later of its cluster, follows from these
    evidence as (
        select identifier_key, sum(evidence_hash) as evidence_hash
        from
            (
                select identifier_key, hash(is_blocked, is_device) as evidence_hash
                from nodes
                union all
                select identifier_key, evidence_hash
                from both_ways
            )
        group by identifier_key
    ),

    {% if incremental %}
        known as not materialized(select * from {{ this }}),

        touched as ({{ touched_identifiers("evidence") }}),

    {% endif %}

    counted_accounts as (
        select identifier_key, count(distinct neighbour_key) as account_count
        from both_ways
        {% if incremental %} semi join touched using (identifier_key) {% endif %}
        where
            neighbour_key like 'shopify!_customer:%' escape '!'
            or neighbour_key like 'woo!_customer:%' escape '!'
        group by identifier_key
    ),

    {% if incremental %}
        accounts as (
            select *
            from counted_accounts
            union all
            select known.identifier_key, known.account_count
            from known
            anti join touched using (identifier_key)
            where known.account_count > 0
        ),
    {% else %} accounts as (select * from counted_accounts),
    {% endif %}

    emails_of_too_many as (
        select identifier_key
        from accounts
        where identifier_key like 'email:%' and account_count > {{ max_accounts }}
    ),

    {% if incremental %}
        -- an address that came to be of too many, or is no longer
        turned as (
            select touched.identifier_key
            from touched
            left join known using (identifier_key)
            left join emails_of_too_many using (identifier_key)
            where
                touched.identifier_key like 'email:%'
                and (coalesce(known.account_count, 0) > {{ max_accounts }})
                is distinct from (emails_of_too_many.identifier_key is not null)
        ),

        region as ({{ identifiers_in_reach("touched", "turned", "both_ways", "person_root") }}),
    {% endif %}

    region_nodes as (
        select nodes.*
        from nodes
        {% if incremental %} semi join region using (identifier_key) {% endif %}
    ),

    account_edges as (
        select distinct both_ways.identifier_key, both_ways.neighbour_key
        from both_ways
        {% if incremental %} semi join region using (identifier_key) {% endif %}
        anti join
            emails_of_too_many
            on emails_of_too_many.identifier_key
            in (both_ways.identifier_key, both_ways.neighbour_key)
        where both_ways.strength = 'strong'
    ),

    account_components as ({{ connected_components("account_edges") }}),

    -- an anonymous PostHog person is a bag of cookies, not a person that a device could meet
    grouped as (
        select
            region_nodes.identifier_key,
            coalesce(account_components.component, region_nodes.identifier_key) as person_root,
            bool_or(region_nodes.identifier_type in {{ naming_types() }}) over (
                partition by coalesce(account_components.component, region_nodes.identifier_key)
            ) as is_person
        from region_nodes
        left join account_components using (identifier_key)
    ),

    {% if incremental %}
        people as (
            select identifier_key, person_root
            from grouped
            where is_person
            union all
            select known.identifier_key, known.person_root
            from known
            anti join region using (identifier_key)
            where known.is_person
        ),

        -- whom a device met may be another person now, without a change of the device's own edges
        counted as (
            select identifier_key
            from region
            union
            select both_ways.neighbour_key
            from both_ways
            semi join region using (identifier_key)
            where both_ways.strength = 'weak'
        ),

        groups as (
            select identifier_key, person_root, is_person
            from grouped
            union all
            select known.identifier_key, known.person_root, known.is_person
            from known
            semi join counted using (identifier_key)
            anti join region using (identifier_key)
        ),

    {% else %}
        people as (select identifier_key, person_root from grouped where is_person),
        groups as (select * from grouped),
    {% endif %}

    met as (
        select both_ways.identifier_key, count(distinct people.person_root) as people_count
        from both_ways
        inner join people on people.identifier_key = both_ways.neighbour_key
        {% if incremental %}
            semi join counted on counted.identifier_key = both_ways.identifier_key
        {% endif %}
        where both_ways.strength = 'weak'
        group by both_ways.identifier_key
    ),

    final as (
        select
            groups.identifier_key,
            groups.person_root,
            case
                when nodes.is_blocked
                then 'blocked'
                when nodes.is_device and met.people_count > {{ var("max_people_per_device") }}
                then 'shared_device'
                when emails_of_too_many.identifier_key is not null
                then 'shared_email'
            end as quarantine_reason,
            coalesce(met.people_count, 0) as people_count,
            coalesce(accounts.account_count, 0) as account_count,
            evidence.evidence_hash,
            groups.is_person
        from groups
        inner join nodes using (identifier_key)
        inner join evidence using (identifier_key)
        left join met using (identifier_key)
        left join accounts using (identifier_key)
        left join emails_of_too_many using (identifier_key)
    )

select *
from final
{% if incremental %}
    union all by name
    select identifier_key
    from touched
    where is_gone
{% endif %}
