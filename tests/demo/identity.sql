-- Identity from raw_data alone, by the published rules: close over account facts, then let a device join one known cluster.
create temp macro app_user(user_id) as
    case when try_cast(user_id as bigint) is null then 'rudderstack_user_id' else 'shopify_customer' end;

create temp table edges as
with
    newest_contacts as (
        select * from raw_data.crm_contacts
        qualify row_number() over (partition by id order by _fivetran_synced desc) = 1
    ),

    -- deleted contacts count only where another one took them in
    contacts as (
        select * from newest_contacts
        where
            not _fivetran_deleted
            or id::varchar in (
                select unnest(string_split(property_hs_merged_object_ids, ';')) from newest_contacts
            )
    ),

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
        union
        select 'woo_customer', id::varchar, 'email', lower(email) from raw_data.woocommerce_customers
        union
        select 'email', lower(property_email), 'crm_contact', id::varchar from contacts
        union
        select 'shopify_customer', external_id, 'crm_contact', id::varchar from contacts
        union
        select 'crm_contact', id::varchar, 'crm_contact', unnest(string_split(property_hs_merged_object_ids, ';'))
        from contacts
        union
        select app_user(user_id), user_id, 'rudderstack_user_id', previous_id from raw_data.rudderstack_aliases
        union
        select app_user(user_id), user_id, 'email', lower(email) from raw_data.rudderstack_identifies
        union
        select app_user(user_id), user_id, 'rudderstack_anonymous_id', anonymous_id from raw_data.rudderstack_identifies
        union
        select app_user(user_id), user_id, 'rudderstack_anonymous_id', anonymous_id from raw_data.rudderstack_tracks
        union
        select 'shopify_customer', user_id, 'measure_js_client_id', client_id from raw_data.measure_js_events
        union
        select 'shopify_customer', user_id, 'ga4_user_pseudo_id', user_pseudo_id
        from raw_data.ga4_events
        where privacy_info.analytics_storage = 'Yes'
        union
        select 'email', lower(trim(email)), 'ga4_user_pseudo_id', user_pseudo_id
        from raw_data.form_submissions
        where consent_marketing
    ),

    blocked(value) as (
        values ('undefined'), ('null'), ('anonymous'), ('guest'), ('0'), ('[object Object]'), ('none'), ('NaN'), ('')
    )
select
    type_a || ':' || value_a as node_a,
    type_b || ':' || value_b as node_b,
    type_b = 'posthog_distinct_id' and try_cast(value_b as bigint) is null
    or type_b in ('ga4_user_pseudo_id', 'measure_js_client_id', 'rudderstack_anonymous_id') as is_device
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
select node, cluster, bool_or(regexp_matches(node, '^(email|shopify_customer|woo_customer|crm_contact):')) over (partition by cluster) as is_known
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
where joined.node in (select device from device_edges);
