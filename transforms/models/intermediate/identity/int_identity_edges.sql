-- grain: one row per pair of identifiers and kind of evidence that joins them
{{ config(materialized="table") }}
with

    observations as (select * from {{ ref("int_identity_observations") }}),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    observed as (
        select
            least(identifier_a, identifier_b) as from_identifier_key,
            greatest(identifier_a, identifier_b) as to_identifier_key,
            edge_type,
            count(*) as observation_count,
            min(seen_at) as first_seen_at,
            max(seen_at) as last_seen_at
        from observations
        where identifier_a != identifier_b
        group by 1, 2, 3
    ),

    -- the shop identifies a visitor by the customer id, so this distinct id is that customer
    customer_ids as (
        select
            distinct_ids.identifier_key as from_identifier_key,
            customers.identifier_key as to_identifier_key,
            'customer_id' as edge_type,
            distinct_ids.observation_count,
            distinct_ids.first_seen_at,
            distinct_ids.last_seen_at
        from nodes as distinct_ids
        inner join
            nodes as customers
            on customers.identifier_type = 'shopify_customer'
            and customers.identifier_value = distinct_ids.identifier_value
        where distinct_ids.identifier_type = 'posthog_distinct_id'
    ),

    -- addresses that deliver to one mailbox, each joined to the first of them
    mailboxes as (
        select
            min(identifier_key) over (partition by mailbox) as from_identifier_key,
            identifier_key as to_identifier_key,
            'mailbox' as edge_type,
            observation_count,
            first_seen_at,
            last_seen_at
        from nodes
        where mailbox is not null
        qualify from_identifier_key != to_identifier_key
    ),

    unioned as (
        select *
        from observed
        union all by name
        select *
        from customer_ids
        union all by name
        select *
        from mailboxes
    ),

    final as (
        select
            {{
                generate_surrogate_key(
                    [
                        "unioned.from_identifier_key",
                        "unioned.to_identifier_key",
                        "unioned.edge_type",
                    ]
                )
            }} as edge_key,
            unioned.from_identifier_key,
            unioned.to_identifier_key,
            unioned.edge_type,
            case
                when from_nodes.is_device or to_nodes.is_device then 'weak' else 'strong'
            end as strength,
            unioned.observation_count,
            from_nodes.is_blocked or to_nodes.is_blocked as is_blocked,
            unioned.first_seen_at,
            unioned.last_seen_at
        from unioned
        inner join nodes as from_nodes on from_nodes.identifier_key = unioned.from_identifier_key
        inner join nodes as to_nodes on to_nodes.identifier_key = unioned.to_identifier_key
    )

select *
from final
