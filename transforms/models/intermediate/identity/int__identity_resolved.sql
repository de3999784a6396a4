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

    edges as (select * from {{ ref("int_identity_edges") }} where not is_blocked),

    contacts as (select * from {{ ref("base__crm__contacts") }}),

    evidence as (
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

    -- what first showed whose the identifier is; a neighbour that was kept apart shows nothing
    identified as (
        select
            evidence.identifier_key,
            arg_min(
                evidence.edge_type, (evidence.first_seen_at, evidence.strength, evidence.edge_type)
            ) as identity_source,
            min(evidence.first_seen_at) as identified_at
        from evidence
        inner join identity_map on identity_map.identifier_key = evidence.identifier_key
        inner join identity_map as neighbours on neighbours.identifier_key = evidence.neighbour_key
        where neighbours.master_customer_id = identity_map.master_customer_id
        group by evidence.identifier_key
    ),

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

    final as (
        select
            identity_map.identifier_key,
            identity_map.identifier_type,
            identity_map.identifier_value,
            identity_map.master_customer_id,
            case
                when identity_map.identifier_type = 'ga4_user_pseudo_id'
                then identity_map.identifier_value
            end as user_pseudo_id,
            crm.contact_id as crm_contact_id,
            coalesce(identified.identity_source, 'seen') as identity_source,
            coalesce(identified.identified_at, identity_map.first_seen_at) as identified_at
        from identity_map
        left join identified using (identifier_key)
        left join crm using (master_customer_id)
    )

    {{ changed_or_gone("final", "identifier_key") }}
