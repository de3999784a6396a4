-- One person in every source, by names, ids and addresses that nobody else has. What the rows
-- need otherwise they take from rows that are there.
insert into raw_data.shopify_customers
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.shopify_customers) as _airbyte_extracted_at,
    'raw-zw-1' as _airbyte_raw_id, 6899000000001 as id, 'Zora.Zwetschge@quitten.example' as email,
    'Zora' as first_name, 'Zwetschge' as last_name, '+4930555777999' as phone,
    '{"country_code":"DE","address1":"Quittenallee 77"}'::json as default_address,
    '[{"address1":"Quittenallee 77"}]'::json as addresses
) from raw_data.shopify_customers limit 1;

-- the order twice: as it was first, and as it is; and one more under a +tag
insert into raw_data.shopify_orders
select found.* replace (
    (select max(_airbyte_extracted_at) from raw_data.shopify_orders) as _airbyte_extracted_at,
    'raw-zw-2' || row_number() over () as _airbyte_raw_id,
    5499000000001 as id, 'zora.zwetschge@QUITTEN.example ' as email,
    'zora.zwetschge@quitten.example' as contact_email, '+4930555777999' as phone,
    '{"id":6899000000001,"first_name":"Zora","last_name":"Zwetschge"}'::json as customer,
    '[{"name":"ph_distinct_id","value":"cookie-zwetschge-1"}]'::json as note_attributes,
    '{"first_name":"Zora","address1":"Quittenallee 77","country_code":"DE"}'::json
        as billing_address,
    '198.18.99.177' as browser_ip, '/?utm_source=google&gclid=zwetschge-click' as landing_site,
    '{"browser_ip":"198.18.99.177"}'::json as client_details,
    '[{"note":"Zwetschge called"}]'::json as refunds,
    regexp_replace(line_items::varchar, '"id":', '"id":77', 'g')::json as line_items
) from (from raw_data.shopify_orders where financial_status = 'paid' limit 1) as found, range(2);
insert into raw_data.shopify_orders
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.shopify_orders) as _airbyte_extracted_at,
    'raw-zw-3' as _airbyte_raw_id, 5499000000002 as id,
    'zora.zwetschge+gifts@quitten.example' as email, null as customer,
    'zora.zwetschge+gifts@quitten.example' as contact_email,
    regexp_replace(line_items::varchar, '"id":', '"id":88', 'g')::json as line_items
) from raw_data.shopify_orders where id = 5499000000001 limit 1;
insert into raw_data.shopify_order_refunds
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.shopify_order_refunds) as _airbyte_extracted_at,
    'raw-zw-4' as _airbyte_raw_id, 999999000001 as id, 5499000000001 as order_id,
    'Zwetschge called' as note, '[]'::json as refund_line_items, '[]'::json as order_adjustments
) from raw_data.shopify_order_refunds limit 1;

insert into raw_data.woocommerce_orders
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.woocommerce_orders) as _airbyte_extracted_at,
    'raw-zw-5' as _airbyte_raw_id, 990001 as id, 99990001 as customer_id,
    '198.18.99.177' as customer_ip_address, 'wc_order_zwetschge' as order_key,
    '{"first_name":"Zora","last_name":"Zwetschge","country":"DE","email":"zora.zwetschge@quitten.example"}'::json
        as billing,
    '[{"key":"_ph_distinct_id","value":"cookie-zwetschge-2"}]'::json as meta_data,
    regexp_replace(line_items::varchar, '"id":', '"id":77', 'g')::json as line_items
) from raw_data.woocommerce_orders where status = 'completed' limit 1;

insert into raw_data.posthog_persons
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.posthog_persons) as _airbyte_extracted_at,
    'raw-zw-6' as _airbyte_raw_id, 'person-zwetschge' as id, 'uuid-zwetschge' as uuid,
    'Zora Zwetschge' as name,
    '["cookie-zwetschge-1","6899000000001"]'::json as distinct_ids,
    '{"email":"zora.zwetschge@quitten.example"}'::json as properties
) from raw_data.posthog_persons limit 1;
insert into raw_data.posthog_events
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.posthog_events) as _airbyte_extracted_at,
    'raw-zw-7' || id as _airbyte_raw_id, 'event-zwetschge-' || id as id,
    ['cookie-zwetschge-1', 'cookie-zwetschge-2', '6899000000001'][1 + row_number() over () % 3]
        as distinct_id,
    '{"$current_url":"https://eu.kestrelpine.example/?email=zora.zwetschge@quitten.example","$pathname":"/","$session_id":"session-zwetschge","$device_id":"cookie-zwetschge-1"}'::json
        as properties
) from (from raw_data.posthog_events where event = '$pageview' limit 3);
-- somebody else, on a device that this person has used, too
insert into raw_data.posthog_events
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.posthog_events) as _airbyte_extracted_at,
    'raw-zw-8' as _airbyte_raw_id, 'event-of-somebody-else' as id,
    'cookie-of-somebody-else' as distinct_id,
    '{"$current_url":"https://eu.kestrelpine.example/","$pathname":"/","$session_id":"other","$device_id":"cookie-of-somebody-else"}'::json
        as properties,
    '{"distinct_ids":["cookie-of-somebody-else","cookie-zwetschge-1"],"properties":{"email":"zora.zwetschge@quitten.example"}}'::json
        as person
) from raw_data.posthog_events where event = '$pageview' limit 1;

-- a browser that Measure.js knows, before and after the login
insert into raw_data.measure_js_events
select * replace (
    (select max(_airbyte_extracted_at) from raw_data.measure_js_events) as _airbyte_extracted_at,
    'raw-zw-9' || event_id as _airbyte_raw_id, 'measured-zwetschge-' || event_id as event_id,
    'browser-zwetschge' as client_id,
    case when row_number() over () > 1 then '6899000000001' end as user_id,
    'https://eu.kestrelpine.example/?email=zora.zwetschge@quitten.example' as url,
    '{"ip":"198.18.99.177"}'::json as properties
) from (from raw_data.measure_js_events where event_name = 'pageview' limit 3);

-- the same person in the later sources: the outlet's account, two contacts of the CRM of which one
-- was merged into the other, their deal, and a form
insert into raw_data.woocommerce_customers
select * replace (
    'raw-zw-11' as _airbyte_raw_id, 99990001 as id, 'zora.zwetschge@quitten.example' as email,
    'Zora' as first_name, 'Zwetschge' as last_name, 'zora.zwetschge' as username,
    '{"first_name":"Zora","last_name":"Zwetschge","email":"zora.zwetschge@quitten.example"}'::json
        as billing
) from raw_data.woocommerce_customers limit 1;
insert into raw_data.crm_contacts
select * exclude (number) replace (
    70999000001 + number as id, 'Zora.Zwetschge@quitten.example' as property_email,
    'Zora' as property_firstname, 'Zwetschge' as property_lastname,
    '+4930555777999' as property_phone, '6899000000001' as external_id,
    case when number = 0 then '70999000002' end as property_hs_merged_object_ids,
    number = 1 as _fivetran_deleted
) from (select * from raw_data.crm_contacts limit 1) cross join range(2) as twice(number);
insert into raw_data.crm_deal_contacts
select * replace (70999000002 as contact_id, 1 as type_id)
from raw_data.crm_deal_contacts limit 1;
insert into raw_data.form_submissions
select * replace (
    'raw-zw-10' as _airbyte_raw_id, 'form-zw-10' as submission_id,
    'zora.zwetschge@quitten.example' as email, 'ga-zwetschge-1' as user_pseudo_id,
    true as consent_marketing
) from raw_data.form_submissions limit 1;
