-- The faults in what the later tools landed, each with a row that is there.
insert into landing.truth.planted
with
    faults(fault, table_name, row_id) as (
        -- one person over several tools, and names that only a chain joins
        select 'M2', 'rudderstack_aliases', draw_uuid('alias', call_key)
        from rudder_names
        where previous_id is not null
        union all
        select distinct 'M3', 'form_submissions', draw_uuid('form', visit_id * 2 + attempt)
        from form_facts
        where email_fault = 'case and blanks'
        union all
        select 'M4', 'measure_js_events', client_id
        from measure_facts
        where kind = 'person'
        group by client_id
        having count(distinct person_id) > 1
        union all
        select 'M4', 'ga4_events', user_pseudo_id
        from ga4_hits
        where kind = 'person' and user_pseudo_id is not null
        group by user_pseudo_id
        having count(distinct person_id) > 1
        union all
        select 'M5', 'form_submissions', draw_uuid('form', visit_id * 2 + attempt)
        from form_facts
        where email_fault = 'role'
        union all
        select 'M5', 'measure_js_events', event_id
        from measure_facts
        where is_broken_id(user_id)
        union all
        select 'M5', 'rudderstack_tracks', id
        from rudder_facts
        where is_broken_id(user_id)
        union all
        select 'M5', 'ga4_events', ga4_event_id(bundle_id, step_number)
        from ga4_facts
        where is_broken_id(user_id) and user_pseudo_id is not null
        union all
        select 'M6', 'form_submissions', draw_uuid('form', visit_id * 2 + attempt)
        from form_facts
        where email_fault = 'typo'
        -- late
        union all
        select 'M7', 'measure_js_events', event_id
        from measure_facts
        where received_at >= occurred_at + interval 1 day
        union all
        select 'M7', 'rudderstack_tracks', id
        from rudder_facts
        where received_at >= occurred_at + interval 1 day
        union all
        select 'M7', 'ga4_events', ga4_event_id(bundle_id, step_number)
        from ga4_facts
        where loaded_at >= occurred_at + interval 1 day
        -- repeated
        union all
        select 'M8', 'measure_js_events', event_id
        from measure_facts
        semi join measure_versions as again
            on measure_facts.event_key = again.event_key
            and again.version = 1
        union all
        select 'M8', 'measure_js_events', second_id
        from measure_facts
        where second_id is not null
        union all
        select 'M8', 'rudderstack_tracks', id
        from rudder_facts
        semi join rudder_versions as again
            on rudder_facts.event_key = again.event_key
            and again.version = 1
        union all
        select 'M8', 'rudderstack_tracks', second_id
        from rudder_facts
        where second_id is not null
        union all
        select 'M8', 'ga4_events', ga4_event_id(bundle_id, step_number)
        from ga4_facts
        semi join ga4_versions as again
            on ga4_facts.event_key = again.event_key
            and again.version > 0
        union all
        select 'M8', table_name, row_id
        from
            (
                select 'rudderstack_identifies' as table_name, id as row_id
                from landing.raw_data.rudderstack_identifies
                union all
                select 'rudderstack_aliases', id
                from landing.raw_data.rudderstack_aliases
                union all
                select 'form_submissions', submission_id
                from landing.raw_data.form_submissions
                union all
                select 'crm_contacts', id::varchar
                from landing.raw_data.crm_contacts
                union all
                select 'crm_companies', id::varchar
                from landing.raw_data.crm_companies
                union all
                select 'crm_deals', deal_id::varchar
                from landing.raw_data.crm_deals
                union all
                select 'woocommerce_customers', id::varchar
                from landing.raw_data.woocommerce_customers
                union all
                select 'shopify_inventory_items', id::varchar
                from landing.raw_data.shopify_inventory_items
                union all
                select 'shopify_products', id::varchar
                from landing.raw_data.shopify_products
                union all
                select 'meta_ads', id
                from landing.raw_data.meta_ads
                union all
                select 'meta_ad_creatives', id
                from landing.raw_data.meta_ad_creatives
            )
        group by all
        having count(*) > 1
        union all
        select
            'M8',
            'shopify_inventory_levels',
            id || '/' || strftime(updated_at at time zone 'UTC', '%Y-%m-%d')
        from landing.raw_data.shopify_inventory_levels
        group by all
        having count(*) > 1
        -- archived, deleted, restored
        union all
        select 'M9', 'crm_contacts', contact_id::varchar
        from crm_contact_facts
        where
            archive_fault = 'archived' and archived_at < getvariable('window_end')
            or archive_fault = 'restored'
            and archived_at + interval 14 day < getvariable('window_end')
        union all
        select 'M9', 'crm_contacts', contact_id::varchar
        from crm_contact_facts
        where merged_into_id is not null
        union all
        select 'M9', 'crm_deals', deal_id::varchar
        from crm_deals
        where archive_fault is not null
        union all
        select 'M9', 'shopify_products', shopify_product_id(product_number)::varchar
        from (values (12), (40), (42)) as deleted(product_number)
        -- midnight, the clock's change, gaps on the edge, wrong clocks
        union all
        select edge_events.fault, 'measure_js_events', event_id
        from edge_events
        inner join measure_facts using (event_key)
        where clean_at = edge_events.occurred_at
        union all
        select edge_events.fault, 'rudderstack_tracks', id
        from edge_events
        inner join rudder_facts using (event_key)
        where clean_at = edge_events.occurred_at
        union all
        select edge_events.fault, 'ga4_events', ga4_event_id(bundle_id, step_number)
        from edge_events
        inner join ga4_facts using (event_key)
        union all
        select 'M14', 'measure_js_events', event_id
        from measure_facts
        where clock_fault is not null and clean_at <> stamp
        union all
        select 'M14', 'rudderstack_tracks', id
        from rudder_facts
        where clock_fault is not null and clean_at <> stamp
        -- machines
        union all
        select 'M16', 'measure_js_events', event_id
        from measure_facts
        where kind <> 'person'
        union all
        select 'M16', 'rudderstack_tracks', id
        from rudder_facts
        where kind <> 'person'
        union all
        select 'M16', 'ga4_events', ga4_event_id(bundle_id, step_number)
        from ga4_facts
        where kind <> 'person'
        -- consent
        union all
        select 'M17', 'ga4_events', ga4_event_id(bundle_id, step_number)
        from ga4_facts
        where analytics_storage <> 'Yes'
        union all
        select 'M17', 'form_submissions', draw_uuid('form', visit_id * 2 + attempt)
        from form_facts
        where not consent_marketing and email_fault is distinct from 'typo'
        -- SKUs
        union all
        select 'M18', 'shopify_products', shopify_product_id(product_number)::varchar
        from (values (12), (42)) as deleted(product_number)
        union all
        select 'M18', 'shopify_product_variants', shopify_variant_id(variant_number)::varchar
        from (values (4), (42 * 4), (43 * 4)) as odd(variant_number)
        union all
        select 'M18', 'woocommerce_products', woocommerce_product_id(44 * 4)::varchar
        union all
        select
            'M19',
            'google_ads_ad_group_ad_legacy',
            strftime("segments.date", '%Y-%m-%d') || '/' || "ad_group_ad.ad.id"::varchar
        from landing.raw_data.google_ads_ad_group_ad_legacy
        group by all
        having count(*) > 1
        union all
        select 'M20', 'crm_deals', deal_id::varchar
        from crm_deals
        where
            fault in ('no contact', 'money text')
            or fault = 'two contacts' and second_person_id is not null
            or fault = 'closed before created' and outcome <> 'open'
    )
select distinct fault, table_name, row_id
from faults
order by fault, table_name, row_id;
