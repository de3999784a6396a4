-- grain: one row per identifier that may identify a person, with the cluster it belongs to
{{ config(materialized="table") }}
with

    nodes as (select * from {{ ref("int_identity_nodes") }} where not is_blocked),

    quarantined as (
        select identifier_key
        from {{ ref("int_identity_node_degree") }}
        where quarantine_reason is not null
    ),

    edges as (
        select edges.from_identifier_key, edges.to_identifier_key, edges.strength
        from {{ ref("int_identity_edges") }} as edges
        anti join quarantined on quarantined.identifier_key = edges.from_identifier_key
        anti join quarantined as others on others.identifier_key = edges.to_identifier_key
    ),

    both_ways as (
        select from_identifier_key as identifier_key, to_identifier_key as neighbour_key, strength
        from edges
        union
        select to_identifier_key, from_identifier_key, strength
        from edges
    ),

    components as ({{ connected_components("both_ways") }}),

    sizes as (
        select component
        from components
        group by component
        having count(*) > {{ var("max_cluster_size") }}
    ),

    -- a cluster that grew too large falls back to what account facts alone join
    account_edges as (
        select both_ways.identifier_key, both_ways.neighbour_key
        from both_ways
        inner join components using (identifier_key)
        inner join sizes on sizes.component = components.component
        where both_ways.strength = 'strong'
    ),

    account_components as ({{ connected_components("account_edges") }}),

    account_sizes as (
        select component
        from account_components
        group by component
        having count(*) > {{ var("max_cluster_size") }}
    ),

    -- what account facts alone make too large is not one person: nobody is joined
    final as (
        select
            nodes.identifier_key,
            case
                when account_sizes.component is not null
                then nodes.identifier_key
                when sizes.component is not null
                then coalesce(account_components.component, nodes.identifier_key)
                else coalesce(components.component, nodes.identifier_key)
            end as cluster_root,
            case
                when account_sizes.component is not null
                then 'dissolved'
                when sizes.component is not null
                then 'account_only'
            end as oversize_rule,
            case when sizes.component is not null then components.component end as oversized_root
        from nodes
        left join components using (identifier_key)
        left join sizes on sizes.component = components.component
        left join account_components on account_components.identifier_key = nodes.identifier_key
        left join account_sizes on account_sizes.component = account_components.component
    )

select
    identifier_key,
    cluster_root,
    count(*) over (partition by cluster_root) as cluster_size,
    oversize_rule is not null as is_oversized,
    oversize_rule,
    oversized_root
from final
