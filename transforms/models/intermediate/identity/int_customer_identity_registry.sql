-- grain: one row per id that a person has, or could have been given before more was known
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "customer_id", "row_key": "master_customer_id"},
        on_schema_change="fail",
    )
}}
{#- the ids are hashes of these -#}
{%- set compared = ["named_by_identifier_key", "founding_identifier_key", "created_at"] %}
with

    clusters as (select * from {{ ref("int_identity_clusters") }}),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    orders as (select * from {{ ref("int_order_identities") }}),

    -- An account or address founds the person, the oldest one. A device does so only for a visitor
    -- whom nothing names: it may turn out to be shared, and would take the id along.
    ranked as (
        select
            clusters.identifier_key,
            clusters.cluster_root,
            nodes.identifier_type in {{ naming_types() }} as is_naming,
            -- of one record the account stays, its address may be changed
            nodes.identifier_type = 'email' as is_address,
            nodes.first_seen_at as created_at,
            coalesce(nodes.first_seen_at, timestamp 'infinity') as known_since
        from clusters
        inner join nodes using (identifier_key)
    ),

    oldest as (
        select
            cluster_root,
            bool_or(is_naming) as is_naming,
            coalesce(min(known_since) filter (is_naming), min(known_since)) as known_since
        from ranked
        group by cluster_root
    ),

    founders as (
        select
            ranked.cluster_root,
            coalesce(
                min(ranked.identifier_key) filter (not ranked.is_address),
                min(ranked.identifier_key)
            ) as founding_identifier_key
        from ranked
        inner join oldest using (cluster_root, is_naming, known_since)
        group by ranked.cluster_root
    ),

    founded as (
        select ranked.identifier_key, founders.founding_identifier_key, ranked.created_at
        from ranked
        inner join founders using (cluster_root)
    ),

    members as (
        select identifier_key as named_by_identifier_key, founding_identifier_key, created_at
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

    changed as ({{ unlike_known("members", compared) }}),

    final as (
        select
            md5(named_by_identifier_key) as customer_id,
            named_by_identifier_key,
            founding_identifier_key,
            md5(founding_identifier_key) as master_customer_id,
            nullif(md5(founding_identifier_key), md5(named_by_identifier_key)) as merged_into,
            named_by_identifier_key = founding_identifier_key as is_current,
            created_at
        from changed
    )

    {{ unlike_or_gone("final", "members", compared, "customer_id") }}
