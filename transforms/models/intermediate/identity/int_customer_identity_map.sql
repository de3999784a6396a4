-- grain: one row per identifier (type and value), with the one person it belongs to
{{ config(materialized="table") }}
with

    clusters as (select * from {{ ref("int_identity_clusters") }}),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    degrees as (select * from {{ ref("int_identity_node_degree") }}),

    unidentified_orders as (select * from {{ ref("int_order_identities") }} where is_unidentified),

    members as (
        select
            nodes.identifier_key,
            nodes.identifier_type,
            nodes.identifier_value,
            nodes.source_system,
            clusters.cluster_root,
            case
                when degrees.quarantine_reason is not null
                then degrees.quarantine_reason
                when clusters.is_oversized
                then 'account_only'
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
        union all
        select
            identifier_key,
            source_system || '_order',
            order_id,
            source_system,
            identifier_key,
            'alone',
            1,
            false,
            ordered_at,
            ordered_at
        from unidentified_orders
    ),

    -- the oldest member founds the cluster and names it, so a newcomer never renames anybody
    final as (
        select
            identifier_key,
            md5(
                first_value(identifier_key) over (
                    partition by cluster_root order by first_seen_at, identifier_key
                )
            ) as master_customer_id,
            identifier_type,
            identifier_value,
            source_system,
            match_rule,
            cluster_size as identifier_count,
            is_quarantined,
            first_seen_at,
            last_seen_at
        from members
    )

select *
from final
