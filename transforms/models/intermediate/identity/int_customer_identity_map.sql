-- grain: one row per identifier (type and value), with the one person it belongs to
{{ config(materialized="table") }}
with

    clusters as (select * from {{ ref("int_identity_clusters") }}),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    degrees as (select * from {{ ref("int_identity_node_degree") }}),

    registry as (select * from {{ ref("int_customer_identity_registry") }}),

    unidentified_orders as (select * from {{ ref("int_order_identities") }} where is_unidentified),

    members as (
        select
            nodes.identifier_key,
            nodes.identifier_type,
            nodes.identifier_value,
            nodes.source_system,
            case
                when degrees.quarantine_reason is not null
                then degrees.quarantine_reason
                when clusters.is_oversized
                then clusters.oversize_rule
                when clusters.cluster_size = 1
                then 'alone'
                when nodes.is_device
                then 'device'
                else 'account'
            end as match_rule,
            clusters.cluster_size,
            degrees.quarantine_reason is not null or clusters.is_oversized as is_quarantined,
            nodes.first_seen_at,
            nodes.last_seen_at
        from clusters
        inner join nodes using (identifier_key)
        inner join degrees using (identifier_key)
        -- a device whose logins all named nobody is known to nobody
        where
            clusters.cluster_size > 1
            or degrees.quarantine_reason is not null
            or nodes.identifier_type not in {{ device_types() }}
        union all
        select
            identifier_key,
            source_system || '_order',
            order_id,
            source_system,
            'alone',
            1,
            false,
            ordered_at,
            ordered_at
        from unidentified_orders
    ),

    final as (
        select
            members.identifier_key,
            registry.master_customer_id,
            members.identifier_type,
            members.identifier_value,
            members.source_system,
            members.match_rule,
            members.cluster_size as identifier_count,
            members.is_quarantined,
            bool_or(members.identifier_type in {{ naming_types() }}) over (
                partition by registry.master_customer_id
            ) as is_named,
            members.first_seen_at,
            members.last_seen_at
        from members
        inner join registry on registry.named_by_identifier_key = members.identifier_key
    )

select *
from final
