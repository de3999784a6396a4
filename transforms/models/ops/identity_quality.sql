-- grain: one row per kind of identifier, and one for all of them
{{ config(materialized="table") }}
with

    -- the kind stands before the colon; nothing after it leaves these steps
    guarded as (
        select
            left(identifier_key, strpos(identifier_key, ':') - 1) as identifier_type,
            count(*) as identifiers,
            count(*) filter (where quarantine_reason = 'blocked') as blocked,
            count(*) filter (where quarantine_reason = 'shared_device') as shared_devices,
            count(*) filter (where quarantine_reason = 'shared_email') as shared_emails
        from {{ ref("int_identity_node_degree") }}
        group by 1
    ),

    members_summed_to_cluster as (
        select
            left(identifier_key, strpos(identifier_key, ':') - 1) as identifier_type,
            cluster_root,
            max(cluster_size) as cluster_size,
            count(*) as members,
            count(*) filter (where oversize_rule = 'account_only') as in_reduced_clusters,
            count(*) filter (where oversize_rule = 'dissolved') as in_dissolved_clusters
        from {{ ref("int_identity_clusters") }}
        group by 1, 2
    ),

    clustered as (
        select
            identifier_type,
            count(*) as clusters,
            -- a cluster of several kinds has a part in each, and is one over all
            sum(members / cluster_size) as cluster_parts,
            count(*) filter (where cluster_size = 1) as alone,
            max(cluster_size) as largest_cluster,
            sum(in_reduced_clusters) as in_reduced_clusters,
            sum(in_dissolved_clusters) as in_dissolved_clusters
        from members_summed_to_cluster
        group by 1
    ),

    final as (
        select
            coalesce(identifier_type, '(all)') as identifier_type,
            cast(sum(identifiers) as bigint) as identifiers,
            cast(sum(blocked) as bigint) as blocked,
            cast(sum(shared_devices) as bigint) as shared_devices,
            cast(sum(shared_emails) as bigint) as shared_emails,
            sum(blocked + shared_devices + shared_emails) / sum(identifiers) as quarantined_share,
            cast(coalesce(sum(alone), 0) as bigint) as alone,
            cast(
                coalesce(
                    case
                        when grouping(identifier_type) = 1
                        then round(sum(cluster_parts))
                        else sum(clusters)
                    end,
                    0
                ) as bigint
            ) as clusters,
            max(largest_cluster) as largest_cluster,
            cast(coalesce(sum(in_reduced_clusters), 0) as bigint) as in_reduced_clusters,
            cast(coalesce(sum(in_dissolved_clusters), 0) as bigint) as in_dissolved_clusters
        from guarded
        left join clustered using (identifier_type)
        group by rollup (identifier_type)
        -- without any identifier there is no row for all of them either
        having count(*) > 0
    )

select *
from final
