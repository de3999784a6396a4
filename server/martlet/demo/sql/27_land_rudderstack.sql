-- RudderStack's events as its warehouse has them, with the four times of each.
create temp table rudder_facts as
with
    ordinary as (
        select
            event_key,
            app_owners.anonymous_id,
            visitor_id,
            event_facts.person_id,
            'person' as kind,
            case
                when broken_id is not null
                then broken_id
                when event_facts.occurred_at >= logged_in_at
                then app_owners.login_id
                when event_facts.occurred_at >= lead_at
                then lead_id
                when event_facts.occurred_at >= guest_at
                then guest_id
            end as user_id,
            case
                step
                when 'landing'
                then 'Application Opened'
                when 'view'
                then 'Product Viewed'
                when 'cart'
                then 'Product Added'
                when 'login'
                then 'Signed In'
                when 'checkout'
                then 'Checkout Started'
                else 'Order Completed'
            end as event_text,
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
            case when step = 'landing' then 'https://' || referrer || '/' end as referrer,
            case when step = 'landing' then source end as source,
            case when step = 'landing' then medium end as medium,
            case when step = 'landing' then campaign end as campaign,
            fake_ip(event_facts.person_id) as ip,
            user_agent(browser) as agent,
            market
        from event_facts
        inner join app_owners using (cookie_id)
        left join variants using (variant_number)
        where device_id is null
    ),

    edges as (
        select
            event_key,
            draw_uuid('anonymous', visitor_key) as anonymous_id,
            draw_uuid('anonymous', visitor_key),
            person_id,
            'person',
            null,
            case number when 0 then 'Application Opened' else 'Product Viewed' end,
            occurred_at,
            path,
            null,
            null,
            null,
            null,
            fake_ip(person_id),
            user_agent('Mobile Safari'),
            market
        from edge_events
        inner join people using (person_id)
        where person_id % 2 = 0
    ),

    -- the app's own watchdog, and the devices of those who build it
    machines as (
        select
            event_key,
            draw_uuid('anonymous', visitor_key) as anonymous_id,
            draw_uuid('anonymous', visitor_key),
            null::bigint,
            kind,
            null,
            'Product Viewed',
            occurred_at,
            path,
            null,
            null,
            null,
            null,
            case kind when 'bot' then '192.0.2.254' else ip end,
            case
                kind when 'bot' then 'KestrelMonitor/2.1 (bot)' else user_agent('Mobile Safari')
            end,
            'eu'
        from machine_events
        where case kind when 'bot' then number % 4 = 1 else number % 3 = 0 end
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
            *,
            received_after('rudder', event_key, occurred_at) as received_at,
            stamped_at('rudder', event_key, occurred_at) as stamp,
            clock_fault('rudder', event_key) as clock_fault
        from all_events
    )
select
    *,
    draw_uuid('rudder event', event_key) as id,
    case
        when draw('rudder two ids', event_key) < 0.002
        then draw_uuid('rudder second event', event_key)
    end as second_id,
    clean_time(stamp, received_at) as clean_at,
    loaded_after(received_at) as loaded_at
from received;

create temp table rudder_versions as
with
    loads as (select event_key, loaded_at, second_id from rudder_facts)
select event_key, 0 as version, loaded_at
from loads
union all
select event_key, 1, loaded_at + interval 6 hour
from loads
where
    draw('rudder twice', event_key) < 0.02
    and loaded_at + interval 6 hour < getvariable('last_load')
union all
select event_key, 2, loaded_at
from loads
where second_id is not null;

create table landing.raw_data.rudderstack_tracks as
select
    draw_uuid('raw rudderstack_tracks', event_key * 4 + version) as _airbyte_raw_id,
    versions.loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(versions.loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    case version when 2 then second_id else id end as id,
    anonymous_id,
    user_id,
    replace(lower(event_text), ' ', '_') as event,
    event_text,
    ip as context_ip,
    'https://' || market || '.kestrelpine.example' || path as context_page_url,
    referrer as context_page_referrer,
    source as context_campaign_source,
    medium as context_campaign_medium,
    campaign as context_campaign_name,
    agent as context_user_agent,
    'mobile' as channel,
    stamp at time zone 'UTC' as timestamp,
    stamp at time zone 'UTC' as original_timestamp,
    (received_at - interval 1 second) at time zone 'UTC' as sent_at,
    received_at at time zone 'UTC' as received_at
from rudder_facts
inner join rudder_versions as versions using (event_key)
order by versions.loaded_at, event_key, version;
