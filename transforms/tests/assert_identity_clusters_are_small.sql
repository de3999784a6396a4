-- a person with very many identifiers is more likely many people: look at the evidence
{{ config(severity="warn") }}
select cluster_root, cluster_size
from {{ ref("int_identity_clusters") }}
where cluster_size > {{ var("max_cluster_size") }}
