-- Identity from raw_data alone, by the published rules: close over account facts, then let a device join one known cluster.
create temp table edges as
with
    shopify as (
        select
            (customer ->> '$.id') as customer_id,
            lower(trim(nfc_normalize(email), ' ' || chr(9))) as email,
            list_filter(from_json(note_attributes, '["json"]'), lambda note: note ->> '$.name' = 'ph_distinct_id')[1] ->> '$.value' as cookie
        from raw_data.shopify_orders
    ),

    woocommerce as (
        select
            nullif(customer_id, 0)::varchar as customer_id,
            lower(trim(nfc_normalize(billing ->> '$.email'), ' ' || chr(9))) as email,
            list_filter(from_json(meta_data, '["json"]'), lambda meta: meta ->> '$.key' = '_ph_distinct_id')[1] ->> '$.value' as cookie
        from raw_data.woocommerce_orders
    ),

    persons as (
        select uuid, unnest(from_json(distinct_ids, '["varchar"]')) as distinct_id, lower(properties ->> '$.email') as email
        from raw_data.posthog_persons
    ),

    found as (
        select 'shopify_customer' as type_a, customer_id as value_a, 'email' as type_b, email as value_b from shopify
        union
        select 'shopify_customer', id::varchar, 'email', lower(email) from raw_data.shopify_customers
        union
        select 'woo_customer', customer_id, 'email', email from woocommerce
        union
        select 'posthog_person', uuid, 'email', email from persons
        union
        select 'posthog_person', uuid, 'posthog_distinct_id', distinct_id from persons
        union
        select 'shopify_customer', distinct_id, 'posthog_distinct_id', distinct_id
        from persons
        where try_cast(distinct_id as bigint) in (select id from raw_data.shopify_customers)
        union
        select 'email', email, 'posthog_distinct_id', cookie from shopify
        union
        select 'shopify_customer', customer_id, 'posthog_distinct_id', cookie from shopify
        union
        select 'email', email, 'posthog_distinct_id', cookie from woocommerce
        union
        select 'woo_customer', customer_id, 'posthog_distinct_id', cookie from woocommerce
        union
        -- who is logged in on a device
        select 'shopify_customer', properties ->> '$."$user_id"', 'posthog_distinct_id', properties ->> '$."$device_id"'
        from raw_data.posthog_events
    ),

    blocked(value) as (
        values ('undefined'), ('null'), ('anonymous'), ('guest'), ('0'), ('[object Object]'), ('none'), ('NaN'), ('')
    )
select
    type_a || ':' || value_a as node_a,
    type_b || ':' || value_b as node_b,
    type_b = 'posthog_distinct_id' and try_cast(value_b as bigint) is null as is_device
from found
where
    value_a is not null
    and value_b is not null
    and value_a not in (select value from blocked)
    and value_b not in (select value from blocked)
    and not regexp_matches(value_a, '^(info|orders|noreply|no-reply|office|sales|support)@')
    and not regexp_matches(value_b, '^(info|orders|noreply|no-reply|office|sales|support)@');

create temp table account_clusters as
with recursive
    both_ways as (
        select node_a as node, node_b as other from edges where not is_device
        union
        select node_b, node_a from edges where not is_device
        union
        select node_a, node_a from edges
    ),

    clusters(node, cluster) using key (node) as (
        select node, min(least(node, other)) from both_ways group by node
        union
        select both_ways.other, min(clusters.cluster)
        from clusters
        inner join both_ways on clusters.node = both_ways.node
        inner join recurring.clusters as known on known.node = both_ways.other
        where clusters.cluster < known.cluster
        group by both_ways.other
    )
select node, cluster, bool_or(node not like 'posthog%') over (partition by cluster) as is_known
from clusters;

create temp table device_edges as
select distinct edges.node_b as device, account_clusters.cluster
from edges
inner join account_clusters on edges.node_a = account_clusters.node
where is_device
qualify
    count(distinct case when is_known then cluster end) over (partition by edges.node_b) < 2;

create temp table clusters as
with recursive
    both_ways as (
        select device as node, cluster as other from device_edges
        union
        select cluster, device from device_edges
    ),

    joined(node, cluster) using key (node) as (
        select node, min(least(node, other)) from both_ways group by node
        union
        select both_ways.other, min(joined.cluster)
        from joined
        inner join both_ways on joined.node = both_ways.node
        inner join recurring.joined as known on known.node = both_ways.other
        where joined.cluster < known.cluster
        group by both_ways.other
    )
select account_clusters.node, coalesce(joined.cluster, account_clusters.cluster) as cluster
from account_clusters
left join joined on account_clusters.cluster = joined.node
union
select joined.node, joined.cluster
from joined
where joined.node like 'posthog_distinct_id:%';
