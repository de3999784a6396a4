-- grain: one row per id that a person has, or could have been given before more was known
{{ config(materialized="table") }}
with

    clusters as (select * from {{ ref("int_identity_clusters") }}),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    orders as (select * from {{ ref("int_order_identities") }}),

    -- An account or address founds the person, the oldest one. A device does so only for a visitor
    -- whom nothing names: it may turn out to be shared, and would take the id along.
    founded as (
        select
            clusters.identifier_key,
            first_value(clusters.identifier_key) over (
                partition by clusters.cluster_root
                order by
                    nodes.identifier_type in {{ naming_types() }} desc,
                    nodes.first_seen_at,
                    -- of one record the account stays, its address may be changed
                    nodes.identifier_type = 'email',
                    clusters.identifier_key
            ) as founding_identifier_key,
            nodes.first_seen_at as created_at
        from clusters
        inner join nodes using (identifier_key)
    ),

    members as (
        select *
        from founded
        union all
        -- an order that nothing identified was a person of its own, and is until something does
        select
            orders.source_system || '_order:' || orders.order_id,
            coalesce(founded.founding_identifier_key, orders.identifier_key),
            orders.ordered_at
        from orders
        left join founded on founded.identifier_key = orders.identifier_key
    ),

    final as (
        select
            md5(identifier_key) as customer_id,
            identifier_key as named_by_identifier_key,
            founding_identifier_key,
            md5(founding_identifier_key) as master_customer_id,
            nullif(md5(founding_identifier_key), md5(identifier_key)) as merged_into,
            identifier_key = founding_identifier_key as is_current,
            created_at
        from members
    )

select *
from final
