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

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    edges as (select * from {{ ref("int_identity_edges") }} where not is_blocked),

    both_ways as (
        select
            from_identifier_key as identifier_key,
            to_identifier_key as neighbour_key,
            strength,
            edge_type,
            first_seen_at
        from edges
        union all
        select to_identifier_key, from_identifier_key, strength, edge_type, first_seen_at
        from edges
    ),

    -- all that is said here of an identifier, and later of its cluster, follows from these
    evidence as (
        select
            nodes.identifier_key,
            coalesce(
                sum(
                    hash(
                        both_ways.neighbour_key,
                        both_ways.strength,
                        both_ways.edge_type,
                        both_ways.first_seen_at
                    )
                ) filter (both_ways.neighbour_key is not null),
                0
            )
            + hash(any_value(nodes.is_blocked), any_value(nodes.is_device)) as evidence_hash,
            count(distinct both_ways.neighbour_key) filter (
                split_part(both_ways.neighbour_key, ':', 1) in ('shopify_customer', 'woo_customer')
            ) as account_count
        from nodes
        left join both_ways using (identifier_key)
        group by nodes.identifier_key
    ),

    {% if incremental %}
        known as (select * from {{ this }}),

        touched as (
            select
                coalesce(evidence.identifier_key, known.identifier_key) as identifier_key,
                evidence.identifier_key is null as is_gone,
                known.identifier_key like 'email:%'
                and (known.account_count > {{ max_accounts }})
                is distinct from (evidence.account_count > {{ max_accounts }}) as is_turned
            from evidence
            full join known using (identifier_key)
            where evidence.evidence_hash is distinct from known.evidence_hash
        ),

        -- both ends of each edge that came, went, or began or ceased to count
        ends as (
            select identifier_key
            from touched
            union
            select both_ways.neighbour_key
            from both_ways
            semi join (from touched where is_turned) as turned using (identifier_key)
        ),

        -- the clusters of account facts at these ends: beyond them none can have changed
        region as (
            select identifier_key
            from ends
            union
            select identifier_key
            from known
            where
                person_root in (select person_root from known semi join ends using (identifier_key))
        ),
    {% endif %}

    region_nodes as (
        select nodes.*
        from nodes
        {% if incremental %} semi join region using (identifier_key) {% endif %}
    ),

    emails_of_too_many as (
        select identifier_key
        from evidence
        where identifier_key like 'email:%' and account_count > {{ max_accounts }}
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
            evidence.account_count,
            evidence.evidence_hash,
            groups.is_person
        from groups
        inner join nodes using (identifier_key)
        inner join evidence using (identifier_key)
        left join met using (identifier_key)
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
