-- grain: one row per identifier that may identify a person, with the cluster it belongs to
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "identifier_key", "row_key": "cluster_root"},
        on_schema_change="fail",
    )
}}
{%- set incremental = is_incremental() %}
with

    nodes as not materialized(
        select
            identifier_key,
            quarantine_reason,
            evidence_hash + hash(quarantine_reason) as evidence_hash
        from {{ ref("int_identity_node_degree") }}
        where quarantine_reason is distinct from 'blocked'
    ),

    {% if incremental %}
        touched as ({{ touched_identifiers("nodes") }}),

        turned as (
            select known.identifier_key
            from {{ this }} as known
            semi join touched using (identifier_key)
            left join nodes using (identifier_key)
            where
                (nodes.identifier_key is not null and nodes.quarantine_reason is null)
                != (known.quarantine_reason is null)
        ),

        neighbours as not materialized(
            select from_identifier_key as identifier_key, to_identifier_key as neighbour_key
            from {{ ref("int_identity_edges") }}
            union all
            select to_identifier_key, from_identifier_key
            from {{ ref("int_identity_edges") }}
        ),

        region as ({{ identifiers_in_reach("touched", "turned", "neighbours", "component_root") }}),

        region_nodes as (select * from nodes semi join region using (identifier_key)),
    {% else %} region_nodes as (select * from nodes),
    {% endif %}

    joining as (select identifier_key from region_nodes where quarantine_reason is null),

    edges as (
        select edges.from_identifier_key, edges.to_identifier_key, edges.strength
        from {{ ref("int_identity_edges") }} as edges
        semi join joining on joining.identifier_key = edges.from_identifier_key
        semi join joining as others on others.identifier_key = edges.to_identifier_key
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
            region_nodes.identifier_key,
            case
                when account_sizes.component is not null
                then region_nodes.identifier_key
                when sizes.component is not null
                then coalesce(account_components.component, region_nodes.identifier_key)
                else coalesce(components.component, region_nodes.identifier_key)
            end as cluster_root,
            coalesce(components.component, region_nodes.identifier_key) as component_root,
            case
                when account_sizes.component is not null
                then 'dissolved'
                when sizes.component is not null
                then 'account_only'
            end as oversize_rule,
            case when sizes.component is not null then components.component end as oversized_root,
            region_nodes.evidence_hash,
            region_nodes.quarantine_reason
        from region_nodes
        left join components using (identifier_key)
        left join sizes on sizes.component = components.component
        left join
            account_components on account_components.identifier_key = region_nodes.identifier_key
        left join account_sizes on account_sizes.component = account_components.component
    )

select
    identifier_key,
    cluster_root,
    component_root,
    quarantine_reason,
    oversize_rule,
    oversized_root,
    count(*) over (partition by cluster_root) as cluster_size,
    evidence_hash,
    oversize_rule is not null as is_oversized
from final
{% if incremental %}
    union all by name
    select identifier_key
    from touched
    where is_gone
{% endif %}
