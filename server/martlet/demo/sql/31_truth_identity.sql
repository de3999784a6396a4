-- Whose each identifier is, and whether the data lets anybody know it.
create temp table sightings as
with
    blocked_people as (
        select distinct person_id, broken_id from events where broken_id is not null
    ),

    seen as (
        select
            person_id,
            'email' as type,
            email_seen as value,
            coalesce(email_fault = 'role', false) as is_blocked
        from order_contacts
        where email_seen <> '' and coalesce(email_fault, '') not in ('null', 'empty')
        union all
        select person_id, 'email', lower(email_now), false
        from customer_facts
        union all
        select person_id, 'email', lower(email), false
        from posthog_people
        where email is not null
        union all
        select person_id, 'shopify_customer', customer_id::varchar, false
        from customer_facts
        union all
        select person_id, 'woo_customer', customer_id::varchar, false
        from order_contacts
        where platform = 'woocommerce' and customer_id <> 0
        union all
        select person_id, 'posthog_person', uuid, false
        from posthog_people
        where person_id is not null
        union all
        -- the anonymous PostHog person of a shared device is everybody's who used it
        select shared_uses.person_id, 'posthog_person', uuid, true
        from posthog_people
        inner join shared_uses on key = - device_id
        union all
        select person_id, 'posthog_person', uuid, true
        from blocked_people
        cross join (select uuid from posthog_people where key = 0)
        union all
        select person_id, 'posthog_distinct_id', broken_id, true
        from blocked_people
        union all
        select
            person_id,
            'posthog_distinct_id',
            distinct_id,
            device_id is not null and distinct_id = cookie
        from event_facts
        where broken_id is null
        union all
        -- a cookie logged in on its first page is never a distinct id of its own, but PostHog
        -- merged it
        select person_id, 'posthog_distinct_id', cookie, device_id is not null
        from events
        where step = 'login'
        union all
        select person_id, 'posthog_distinct_id', cookie, device_id is not null
        from noted_cookies
        union all
        select person_id, 'posthog_distinct_id', cookie, device_id is not null
        from events
        union all
        select person_id, 'crm_contact', contact_id::varchar, not is_evidence
        from crm_contact_facts
        union all
        select person_id, 'email', lower(email), not is_evidence
        from crm_contact_facts
        where not is_private or is_evidence
        union all
        select
            person_id,
            'email',
            lower(trim(email, ' ')),
            coalesce(email_fault = 'role', false)
        from form_facts
        union all
        select person_id, 'ga4_user_pseudo_id', user_pseudo_id, false
        from ga4_hits
        where kind = 'person' and user_pseudo_id is not null
        union all
        select person_id, 'measure_js_client_id', client_id, false
        from measure_facts
        where kind = 'person'
        union all
        select person_id, 'rudderstack_anonymous_id', anonymous_id, false
        from rudder_facts
        where kind = 'person'
        union all
        select person_id, 'rudderstack_user_id', guest_id, false
        from app_owners
        where guest_at is not null
        union all
        select person_id, 'rudderstack_user_id', lead_id, false
        from app_owners
        where lead_at is not null
    )
select person_id, type, value, bool_or(is_blocked) as is_blocked
from seen
group by person_id, type, value;

create temp macro is_device_node(node) as regexp_matches(
    node,
    '^(posthog_distinct_id|ga4_user_pseudo_id|measure_js_client_id|rudderstack_anonymous_id):'
);
create temp macro is_known_node(node) as
    regexp_matches(node, '^(email|shopify_customer|woo_customer|crm_contact):');
create temp macro is_shop_node(node) as regexp_matches(
    node, '^(email|shopify_customer|woo_customer|posthog_person|posthog_distinct_id):'
);
create temp macro app_user_node(user_id) as
    case
        when regexp_matches(user_id, '^(guest|lead)-')
        then 'rudderstack_user_id:'
        else 'shopify_customer:'
    end
    || user_id;

-- The evidence, without shared and blocked values. What stands on a device is kept apart: it counts
-- only where it points to one
-- cluster of account facts.
create temp table evidence as
with
    facts as (
        select distinct
            'shopify_customer:' || customer_id::varchar as node_a,
            'email:' || email_seen as node_b,
            false as is_device
        from order_contacts
        where platform = 'shopify' and customer_id is not null and is_email_usable
        union
        select 'shopify_customer:' || customer_id::varchar, 'email:' || lower(email_now), false
        from customer_facts
        union
        select 'woo_customer:' || customer_id::varchar, 'email:' || email_seen, false
        from order_contacts
        where platform = 'woocommerce' and customer_id <> 0 and is_email_usable
        union
        select 'posthog_person:' || uuid, 'email:' || lower(email), false
        from posthog_people
        where email is not null
        union
        select 'posthog_person:' || uuid, 'posthog_distinct_id:' || key::varchar, false
        from posthog_people
        where key > 1000000000000
        union
        select
            'shopify_customer:' || customer_id::varchar,
            'posthog_distinct_id:' || customer_id::varchar,
            false
        from customer_facts
        where customer_id in (select key from posthog_people)
        union
        select 'posthog_person:' || uuid, 'posthog_distinct_id:' || cookie, true
        from (select uuid, unnest(distinct_ids) as cookie from posthog_people where key <> 0)
        where cookie not in (select cookie from shared_uses)
        union
        select 'posthog_distinct_id:' || cookie, 'email:' || email_seen, true
        from noted_cookies
        inner join order_contacts using (order_id)
        where device_id is null and is_email_usable
        union
        select
            'posthog_distinct_id:' || cookie,
            case
                order_contacts.platform when 'shopify' then 'shopify_customer:' else 'woo_customer:'
            end
            || customer_id::varchar,
            true
        from noted_cookies
        inner join order_contacts using (order_id)
        where device_id is null and customer_id <> 0
        union
        -- the outlet's customers, and the CRM's contacts with all that was merged into them
        select 'woo_customer:' || customer_id::varchar, 'email:' || lower(email), false
        from woocommerce_accounts
        where customer_id in (select id from landing.raw_data.woocommerce_customers)
        union
        select 'crm_contact:' || contact_id::varchar, 'email:' || lower(email), false
        from crm_contact_facts
        where is_evidence
        union
        select
            'crm_contact:' || contact_id::varchar,
            'shopify_customer:' || customer_id::varchar,
            false
        from crm_contact_facts
        where is_evidence and customer_id is not null
        union
        select
            'crm_contact:' || contact_id::varchar, 'crm_contact:' || merged_into_id::varchar, false
        from crm_contact_facts
        where merged_into_id is not null
        union
        -- the names of the app
        select 'rudderstack_user_id:' || previous_id, app_user_node(user_id), false
        from rudder_names
        where previous_id is not null
        union
        select app_user_node(user_id), 'email:' || lower(email), false
        from rudder_names
        where email is not null
        union
        select 'rudderstack_anonymous_id:' || anonymous_id, app_user_node(user_id), true
        from rudder_names
        union
        select 'measure_js_client_id:' || client_id, 'shopify_customer:' || user_id, true
        from measure_facts
        where user_id is not null and not is_broken_id(user_id)
        union
        -- without consent, a row of GA4 or of a form is no evidence
        select 'ga4_user_pseudo_id:' || user_pseudo_id, 'shopify_customer:' || user_id, true
        from ga4_facts
        where
            analytics_storage = 'Yes'
            and user_pseudo_id is not null
            and user_id is not null
            and not is_broken_id(user_id)
        union
        select 'ga4_user_pseudo_id:' || user_pseudo_id, 'email:' || lower(email_clean), true
        from form_facts
        where
            consent_marketing
            and user_pseudo_id is not null
            and email_fault is distinct from 'role'
    )
select *
from facts;

create temp table nodes as
select distinct type || ':' || value as node, min(person_id) as person_id
from sightings
where not is_blocked
group by type, value;

create temp table account_clusters as
with recursive
    both_ways as (
        select node_a as node, node_b as other
        from evidence
        where not is_device
        union
        select node_b, node_a
        from evidence
        where not is_device
    ),

    clusters(node, cluster)
using
    key(node) as (
        select node, least(node, min(other))
        from both_ways
        group by node
        union
        select both_ways.other, min(clusters.cluster)
        from clusters
        inner join both_ways on clusters.node = both_ways.node
        inner join recurring.clusters as known on known.node = both_ways.other
        where clusters.cluster < known.cluster
        group by both_ways.other
    )
select nodes.node, coalesce(cluster, nodes.node) as cluster
from nodes
left join clusters using (node);

create temp table device_evidence as
with
    met as (
        select
            case when is_device_node(node_a) then node_a else node_b end as device,
            case when is_device_node(node_a) then node_b else node_a end as node
        from evidence
        where is_device
    ),

    known_clusters as (
        select cluster
        from account_clusters
        group by cluster
        having bool_or(is_known_node(node))
    )
select device, cluster
from met
inner join account_clusters using (node)
qualify
    count(distinct cluster) filter (cluster in (select cluster from known_clusters)) over (
        partition by device
    )
    < 2;

create temp table final_clusters as
with recursive
    links as (
        select distinct account_clusters.cluster as node, device_evidence.cluster as other
        from device_evidence
        inner join account_clusters on device_evidence.device = account_clusters.node
    ),

    both_ways as (
        select node, other
        from links
        union
        select other, node
        from links
    ),

    clusters(node, cluster)
using
    key(node) as (
        select node, least(node, min(other))
        from both_ways
        group by node
        union
        select both_ways.other, min(clusters.cluster)
        from clusters
        inner join both_ways on clusters.node = both_ways.node
        inner join recurring.clusters as known on known.node = both_ways.other
        where clusters.cluster < known.cluster
        group by both_ways.other
    )
select account_clusters.node, coalesce(clusters.cluster, account_clusters.cluster) as cluster
from account_clusters
left join clusters on account_clusters.cluster = clusters.node;

create temp table main_clusters as
select person_id, cluster
from nodes
inner join final_clusters using (node)
-- a device of the later tools may have several users, and stands for none of them
where is_shop_node(node) or not is_device_node(node)
group by person_id, cluster
-- the one that knows the person, else the largest
qualify
    row_number() over (
        partition by person_id
        order by
            bool_or(is_known_node(node)) desc,
            -- counted in what the shops and PostHog know
            count(*) filter (is_shop_node(node)) desc,
            min(node) filter (is_shop_node(node)),
            cluster
    )
    = 1;

create table landing.truth.person_identifiers as
select
    sightings.person_id,
    type as identifier_type,
    value as identifier_value,
    not is_blocked and main_clusters.cluster is not null as linkable
from sightings
left join final_clusters on not is_blocked and type || ':' || value = final_clusters.node
left join
    main_clusters
    on sightings.person_id = main_clusters.person_id
    and final_clusters.cluster = main_clusters.cluster
order by person_id, identifier_type, identifier_value;
