-- grain: one row per identifier of a person whom an account or address names
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "identifier_key", "row_key": "identifier_type"},
        on_schema_change="append_new_columns",
    )
}}
with

    identity_map as (
        select * from {{ ref("int_customer_identity_map") }} where is_named and not is_quarantined
    ),

    edges as not materialized(select * from {{ ref("int_identity_edges") }} where not is_blocked),

    contacts as (select * from {{ ref("base__crm__contacts") }}),

    -- of several contacts of one person, the first that is still there
    crm as (
        select
            identity_map.master_customer_id,
            arg_min(contacts.contact_id, (contacts.created_at, contacts.contact_id)) as contact_id
        from contacts
        inner join
            identity_map on identity_map.identifier_key = 'crm_contact:' || contacts.contact_id
        group by 1
    ),

    -- all that is said here of an identifier follows from these, and from whose its neighbours are
    people as (
        select
            identity_map.identifier_key,
            identity_map.identifier_type,
            identity_map.identifier_value,
            identity_map.master_customer_id,
            crm.contact_id as crm_contact_id,
            identity_map.first_seen_at,
            identity_map.evidence_hash + hash(
                identity_map.master_customer_id, crm.contact_id, identity_map.first_seen_at
            ) as evidence_hash
        from identity_map
        left join crm using (master_customer_id)
    ),

    both_ways as not materialized(
        select
            from_identifier_key as identifier_key,
            to_identifier_key as neighbour_key,
            edge_type,
            strength,
            first_seen_at
        from edges
        union all
        select to_identifier_key, from_identifier_key, edge_type, strength, first_seen_at
        from edges
    ),

    {% if is_incremental() %}
        touched as ({{ touched_identifiers("people") }}),

        region as (
            select identifier_key
            from touched
            union
            select both_ways.neighbour_key
            from both_ways
            semi join touched using (identifier_key)
        ),

        region_people as (select * from people semi join region using (identifier_key)),
    {% else %} region_people as (select * from people),
    {% endif %}

    -- what first showed whose the identifier is; a neighbour that was kept apart shows nothing
    identified as (
        select
            both_ways.identifier_key,
            arg_min(
                both_ways.edge_type,
                (both_ways.first_seen_at, both_ways.strength, both_ways.edge_type)
            ) as identity_source,
            min(both_ways.first_seen_at) as identified_at
        from both_ways
        inner join region_people on region_people.identifier_key = both_ways.identifier_key
        inner join people as neighbours on neighbours.identifier_key = both_ways.neighbour_key
        where neighbours.master_customer_id = region_people.master_customer_id
        group by both_ways.identifier_key
    ),

    final as (
        select
            region_people.identifier_key,
            region_people.identifier_type,
            region_people.identifier_value,
            region_people.master_customer_id,
            case
                when region_people.identifier_type = 'ga4_user_pseudo_id'
                then region_people.identifier_value
            end as user_pseudo_id,
            region_people.crm_contact_id,
            region_people.evidence_hash,
            coalesce(identified.identity_source, 'seen') as identity_source,
            coalesce(identified.identified_at, region_people.first_seen_at) as identified_at
        from region_people
        left join identified using (identifier_key)
    )

select *
from final
{% if is_incremental() %}
    union all by name
    select identifier_key
    from touched
    where is_gone
{% endif %}
