-- grain: one row per kind of identifier, and one for all of them
{{ config(materialized="table") }}
with

    degrees as (select * from {{ ref("int_identity_node_degree") }}),

    clusters as (select * from {{ ref("int_identity_clusters") }}),

    -- the kind stands before the colon; nothing after it leaves this step
    identifiers as (
        select
            split_part(degrees.identifier_key, ':', 1) as identifier_type,
            degrees.quarantine_reason,
            clusters.cluster_root,
            clusters.cluster_size,
            clusters.oversize_rule
        from degrees
        left join clusters using (identifier_key)
    ),

    final as (
        select
            coalesce(identifier_type, '(all)') as identifier_type,
            count(*) as identifiers,
            count(*) filter (where quarantine_reason = 'blocked') as blocked,
            count(*) filter (where quarantine_reason = 'shared_device') as shared_devices,
            count(*) filter (where quarantine_reason = 'shared_email') as shared_emails,
            count(quarantine_reason) / count(*) as quarantined_share,
            count(*) filter (where cluster_size = 1) as alone,
            count(distinct cluster_root) as clusters,
            max(cluster_size) as largest_cluster,
            count(*) filter (where oversize_rule = 'account_only') as in_reduced_clusters,
            count(*) filter (where oversize_rule = 'dissolved') as in_dissolved_clusters
        from identifiers
        group by rollup (identifier_type)
        -- without any identifier there is no row for all of them either
        having count(*) > 0
    )

select *
from final
