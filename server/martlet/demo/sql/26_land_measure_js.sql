-- Measure.js, the company's own pipeline, in the storefronts since the twelfth month: the same
-- visits as PostHog, under a cookie of its own.
create temp table measure_facts as
with
    since as (
        select
            (getvariable('first_day') + interval 11 month) at time zone 'Europe/Berlin'
            at time zone 'UTC' as measured_since
    ),

    ordinary as (
        select
            event_key,
            device_of(cookie_id, device_id) as visitor_key,
            event_facts.person_id,
            'person' as kind,
            case
                step
                when 'cart'
                then 'add_to_cart'
                when 'login'
                then 'login'
                when 'checkout'
                then 'begin_checkout'
                when 'purchase'
                then 'purchase'
                else 'pageview'
            end as event_name,
            event_facts.occurred_at,
            case
                step
                when 'landing'
                then landing_path(visit_id, source, medium, campaign, click_id)
                when 'login'
                then '/account/login'
                when 'checkout'
                then '/checkout'
                when 'purchase'
                then '/checkout/thank-you'
                else product_path(variants.title)
            end as path,
            case
                when step = 'landing'
                then coalesce('https://' || referrer || '/', '')
                else 'https://' || market || '.kestrelpine.example/'
            end as referrer,
            variants.title as product_title,
            sku,
            case when distinct_id <> cookie then distinct_id end as user_id,
            case when step = 'landing' then source end as source,
            case when step = 'landing' then medium end as medium,
            case when step = 'landing' then campaign end as campaign,
            browser,
            user_agent(browser) as agent,
            fake_ip(event_facts.person_id) as ip,
            market,
            country,
            event_facts.order_id as bought_order_id
        from event_facts
        left join variants using (variant_number)
    ),

    edges as (
        select
            event_key,
            visitor_key,
            person_id,
            'person' as kind,
            'pageview' as event_name,
            occurred_at,
            path,
            '' as referrer,
            null as product_title,
            null as sku,
            -- on every second of these devices somebody logs in on the third page
            case when number > 1 and pattern % 2 = 0 then account.customer_id::varchar end
            as user_id,
            null as source,
            null as medium,
            null as campaign,
            'Firefox' as browser,
            user_agent('Firefox') as agent,
            fake_ip(person_id) as ip,
            market,
            country,
            null::bigint as bought_order_id
        from edge_events
        inner join people using (person_id)
        left join
            (select person_id, customer_id from account_emails where slot = 1) as account
            using (person_id)
    ),

    machines as (
        select
            event_key,
            visitor_key,
            null::bigint as person_id,
            kind,
            'pageview' as event_name,
            occurred_at,
            path,
            '' as referrer,
            null as product_title,
            null as sku,
            null as user_id,
            null as source,
            null as medium,
            null as campaign,
            browser,
            agent,
            ip,
            'eu' as market,
            'DE' as country,
            null::bigint as bought_order_id
        from machine_events
    ),

    all_events as (
        select *
        from ordinary
        union all
        select *
        from edges
        union all
        select *
        from machines
    ),

    received as (
        select
            all_events.*,
            received_after('measure', event_key, occurred_at) as received_at,
            stamped_at('measure', event_key, occurred_at) as stamp,
            clock_fault('measure', event_key) as clock_fault
        from all_events
        cross join since
        where occurred_at >= measured_since
    )
select
    *,
    draw_uuid('measure client', visitor_key) as client_id,
    draw_uuid('measure event', event_key) as event_id,
    case
        when draw('measure two ids', event_key) < 0.002
        then draw_uuid('measure second event', event_key)
    end as second_id,
    clean_time(stamp, received_at) as clean_at,
    loaded_after(received_at) as loaded_at
from received;

create temp table measure_versions as
with
    loads as (select event_key, loaded_at, second_id from measure_facts)
select event_key, 0 as version, loaded_at
from loads
union all
select event_key, 1, loaded_at + interval 6 hour
from loads
where
    draw('measure twice', event_key) < 0.02
    and loaded_at + interval 6 hour < getvariable('last_load')
union all
-- sent twice under two ids, otherwise the same
select event_key, 2, loaded_at
from loads
where second_id is not null;

create table landing.raw_data.measure_js_events as
select
    draw_uuid('raw measure_js_events', event_key * 4 + version) as _airbyte_raw_id,
    versions.loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(versions.loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    case version when 2 then second_id else event_id end as event_id,
    client_id,
    user_id,
    event_name,
    'https://' || market || '.kestrelpine.example' || path as url,
    referrer,
    coalesce(product_title, 'Kestrel & Pine') as title,
    stamp at time zone 'UTC' as timestamp,
    received_at at time zone 'UTC' as received_at,
    {
        'country': country_name(measure_facts.country),
        'country_code': measure_facts.country,
        'city': city_of(measure_facts.country, coalesce(measure_facts.person_id, visitor_key))
    } as location,
    {
        'type': device_kind(browser), 'browser': browser, 'os': device_system(browser)
    } as device,
    {'source': source, 'medium': medium, 'campaign': campaign} as utm,
    (
        '{' || concat_ws(
            ',',
            json_field('ip', ip),
            json_field('user_agent', agent),
            json_field('sku', sku),
            json_field('order_id', orders.platform_order_id::varchar),
            '"value":' || money_text(net + tax + order_totals.shipping, orders.currency),
            json_field('currency', orders.currency)
        )
        || '}'
    )::json as properties
from measure_facts
inner join measure_versions as versions using (event_key)
left join orders on bought_order_id = orders.order_id and event_name = 'purchase'
left join order_totals on orders.order_id = order_totals.order_id
order by versions.loaded_at, event_key, version;
