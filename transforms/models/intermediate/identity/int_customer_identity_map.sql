-- grain: one row per identifier (type and value), with the one person it belongs to
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "identifier_key", "row_key": "identifier_type"},
        on_schema_change="fail",
    )
}}
{%- set columns = [
    "identifier_key",
    "master_customer_id",
    "identifier_type",
    "identifier_value",
    "source_system",
    "match_rule",
    "identifier_count",
    "is_quarantined",
    "is_named",
    "evidence_hash",
    "first_seen_at",
    "last_seen_at",
] %}
with

    clusters as (select * from {{ ref("int_identity_clusters") }}),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    registry as (select * from {{ ref("int_customer_identity_registry") }}),

    unidentified_orders as (select * from {{ ref("int_order_identities") }} where is_unidentified),

    members as (
        select
            nodes.identifier_key,
            nodes.identifier_type,
            nodes.identifier_value,
            nodes.source_system,
            case
                when clusters.quarantine_reason is not null
                then clusters.quarantine_reason
                when clusters.is_oversized
                then clusters.oversize_rule
                when clusters.cluster_size = 1
                then 'alone'
                when nodes.is_device
                then 'device'
                else 'account'
            end as match_rule,
            clusters.cluster_size,
            clusters.quarantine_reason is not null or clusters.is_oversized as is_quarantined,
            clusters.evidence_hash,
            nodes.first_seen_at,
            nodes.last_seen_at
        from clusters
        inner join nodes using (identifier_key)
        -- a device whose logins all named nobody is known to nobody
        where
            clusters.cluster_size > 1
            or clusters.quarantine_reason is not null
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
            null,
            ordered_at,
            ordered_at
        from unidentified_orders
    ),

    identified as (
        select members.*, registry.master_customer_id
        from members
        inner join registry on registry.named_by_identifier_key = members.identifier_key
    ),

    named as (
        select distinct master_customer_id
        from identified
        where identifier_type in {{ naming_types() }}
    ),

    judged as (
        select
            identified.identifier_key,
            identified.master_customer_id,
            identified.identifier_type,
            identified.identifier_value,
            identified.source_system,
            identified.match_rule,
            identified.cluster_size as identifier_count,
            identified.is_quarantined,
            named.master_customer_id is not null as is_named,
            identified.evidence_hash,
            identified.first_seen_at,
            identified.last_seen_at
        from identified
        left join named using (master_customer_id)
    ),

    final as ({{ unlike_known("judged", columns) }})

    {{ unlike_or_gone("final", "judged", columns, "identifier_key") }}
