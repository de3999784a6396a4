-- Every planted fault, with the row it sits in.
create table landing.truth.planted as
with
    faults as (
        select 'M1' as fault, 'person_identifiers' as table_name, person_id::varchar as row_id
        from landing.truth.person_identifiers
        where is_shop_node(identifier_type || ':')
        group by person_id
        having count(*) > 2
        union all
        select 'M2', 'shopify_customers', account_emails.customer_id::varchar
        from account_emails
        inner join people using (person_id)
        where is_transitive and customer_id in (select key from posthog_people)
        union all
        select 'M3', platform || '_orders', platform_order_id::varchar
        from order_contacts
        inner join orders using (order_id, platform)
        where email_fault in ('case and blanks', 'plus tag', 'dots', 'unicode')
        union all
        select distinct 'M4', 'posthog_events', cookie
        from shared_uses
        union all
        select 'M5', platform || '_orders', platform_order_id::varchar
        from order_contacts
        inner join orders using (order_id, platform)
        where email_fault = 'role'
        union all
        select 'M5', 'posthog_events', draw_uuid('event', event_key)
        from events
        where broken_id is not null
        union all
        select 'M5', 'posthog_persons', uuid
        from posthog_people
        where key = 0
        union all
        select 'M8', 'shopify_orders', id::varchar
        from landing.raw_data.shopify_orders
        group by id
        having count(*) > 1
        union all
        select 'M8', 'shopify_order_refunds', id::varchar
        from landing.raw_data.shopify_order_refunds
        group by id
        having count(*) > 1
        union all
        select 'M8', 'shopify_customers', id::varchar
        from landing.raw_data.shopify_customers
        group by id
        having count(*) > 1
        union all
        select 'M8', 'woocommerce_orders', id::varchar
        from landing.raw_data.woocommerce_orders
        group by id
        having count(*) > 1
        union all
        select 'M8', 'posthog_events', id
        from landing.raw_data.posthog_events
        group by id
        having count(*) > 1
        union all
        select 'M8', 'posthog_events', draw_uuid('second event', event_key)
        from events
        where draw('event two ids', event_key) < 0.002
        union all
        select 'M8', 'posthog_persons', id
        from landing.raw_data.posthog_persons
        group by id
        having count(*) > 1
        union all
        select 'M10', platform || '_orders', platform_order_id::varchar
        from orders
        where currency <> 'EUR'
        union all
        select
            'M11',
            case
                refunds.platform
                when 'shopify'
                then 'shopify_order_refunds'
                else 'woocommerce_orders'
            end,
            case
                refunds.platform
                when 'shopify'
                then 900000000000 + refund_key
                else platform_order_id
            end::varchar
        from refunds
        inner join orders using (order_id)
        union all
        select 'M12', platform || '_orders', platform_order_id::varchar
        from orders
        where not is_valid or has_gift_card or is_free
        union all
        select 'M15', platform || '_orders', platform_order_id::varchar
        from order_contacts
        inner join orders using (order_id, platform)
        where email_fault in ('null', 'empty') or customer_id = 0
        union all
        select
            'M19',
            'meta_ads_insights',
            strftime(day_date, '%Y-%m-%d')
            || '/'
            || account_id
            || '/23843'
            || lpad(ad_number::varchar, 4, '0')
        from meta_days
        where is_restated
        union all
        select
            'M19',
            'google_ads_campaign',
            strftime(day_date, '%Y-%m-%d')
            || '/'
            || campaign_id::varchar
            || '/'
            || hour_number::varchar
            || '/'
            || network
        from google_hours
        where is_restated
        union all
        select 'M19', 'meta_ads_insights', strftime(day_date, '%Y-%m-%d') || '/no spend'
        from ad_days
        where is_paused
        union all
        select 'M19', 'meta_ads_insights', any_value(campaign_id) || '/renamed'
        from meta_days
        where campaign = 'prospecting_eu' and day_number >= 300
        having count(*) > 0
    )
select fault, table_name, row_id
from faults
order by fault, table_name, row_id;
