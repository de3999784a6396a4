-- grain: one row per pair of identifiers and kind of evidence that joins them
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "edge_key", "row_key": "edge_type"},
        on_schema_change="fail",
    )
}}
{#- all else of an edge is in its hash -#}
{%- set compared = ["evidence_hash", "observation_count", "last_seen_at"] %}
with

    observations as not materialized(select * from {{ ref("int_identity_observations") }}),

    nodes as not materialized(select * from {{ ref("int_identity_nodes") }}),

    merged_users as (select * from {{ ref("merged_user") }}),

    observed as (
        select
            least(identifier_a, identifier_b) as from_identifier_key,
            greatest(identifier_a, identifier_b) as to_identifier_key,
            edge_type,
            cast(sum(observation_count) as bigint) as observation_count,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at
        from observations
        where identifier_a != identifier_b
        group by 1, 2, 3
    ),

    -- the shop tells every tool the customer id at login, so a user of that name is that customer
    customer_ids as (
        select
            logins.identifier_key as from_identifier_key,
            customers.identifier_key as to_identifier_key,
            'customer_id' as edge_type,
            logins.observation_count,
            logins.first_seen_at,
            logins.last_seen_at
        from nodes as logins
        inner join
            nodes as customers
            on customers.identifier_type = 'shopify_customer'
            and customers.identifier_value = logins.identifier_value
        where logins.identifier_type in {{ login_types() }}
    ),

    -- an alias may give up the id of a device, which is then the device's own
    app_devices as (
        select
            devices.identifier_key as from_identifier_key,
            names.identifier_key as to_identifier_key,
            'alias' as edge_type,
            names.observation_count,
            names.first_seen_at,
            names.last_seen_at
        from nodes as devices
        inner join
            nodes as names
            on names.identifier_type = 'rudderstack_user_id'
            and names.identifier_value = devices.identifier_value
        where devices.identifier_type = 'rudderstack_anonymous_id'
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

    -- two addresses that somebody knows to be one person's
    judged as (
        select
            olds.identifier_key as from_identifier_key,
            news.identifier_key as to_identifier_key,
            'judged' as edge_type,
            1 as observation_count,
            greatest(olds.first_seen_at, news.first_seen_at) as first_seen_at,
            greatest(olds.first_seen_at, news.first_seen_at) as last_seen_at
        from merged_users
        inner join
            nodes as olds
            on olds.identifier_key = 'email:' || {{ normalize_email("merged_users.old_email") }}
        inner join
            nodes as news
            on news.identifier_key = 'email:' || {{ normalize_email("merged_users.new_email") }}
    ),

    unioned as (
        select *
        from observed
        union all by name
        select *
        from judged
        union all by name
        select *
        from customer_ids
        union all by name
        select *
        from app_devices
        union all by name
        select *
        from mailboxes
    ),

    joined as (
        select
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
    ),

    hashed as (
        select
            *,
            hash(
                from_identifier_key,
                to_identifier_key,
                edge_type,
                strength,
                is_blocked,
                first_seen_at
            ) as evidence_hash
        from joined
    ),

    changed as ({{ unlike_known("hashed", compared) }}),

    final as (
        select
            {{ generate_surrogate_key(["from_identifier_key", "to_identifier_key", "edge_type"]) }}
            as edge_key,
            *
        from changed
    )

    {{ unlike_or_gone("final", "hashed", compared, "edge_key") }}
