-- grain: one row per identifier or cluster that was kept from joining people
with

    degrees as (
        select * from {{ ref("int_identity_node_degree") }} where quarantine_reason is not null
    ),

    clusters as (select * from {{ ref("int_identity_clusters") }} where is_oversized),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    edges as (select * from {{ ref("int_identity_edges") }}),

    neighbours as (
        select from_identifier_key as identifier_key, to_identifier_key as neighbour_key
        from edges
        union
        select to_identifier_key, from_identifier_key
        from edges
    ),

    identifiers as (
        select
            degrees.identifier_key as quarantine_key,
            'identifier' as kind,
            any_value(degrees.quarantine_reason) as reason,
            count(neighbours.neighbour_key) as member_count,
            any_value(degrees.people_count) as people_count,
            coalesce(min(neighbours.neighbour_key, 5), []) as sample,
            any_value(nodes.first_seen_at) as first_seen_at
        from degrees
        inner join nodes using (identifier_key)
        left join neighbours using (identifier_key)
        group by degrees.identifier_key
    ),

    oversized as (
        select
            clusters.oversized_root,
            'cluster',
            max(clusters.oversize_rule),
            count(*),
            count(distinct clusters.cluster_root),
            min(clusters.identifier_key, 5),
            min(nodes.first_seen_at)
        from clusters
        inner join nodes using (identifier_key)
        group by clusters.oversized_root
    ),

    final as (
        select *
        from identifiers
        union all
        select *
        from oversized
    )

select *
from final
