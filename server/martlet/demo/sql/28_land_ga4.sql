-- GA4 as its export lands it: parameters in lists, a day's table restated once.
create temp macro ga4_text(name, content) as {
    'key': name,
    'value': {
        'string_value': content::varchar,
        'int_value': null::bigint,
        'float_value': null::double,
        'double_value': null::double
    }
};
create temp macro ga4_number(name, content) as {
    'key': name,
    'value': {
        'string_value': null::varchar,
        'int_value': content::bigint,
        'float_value': null::double,
        'double_value': null::double
    }
};
create temp macro ga4_filled(params) as list_filter(
    params,
    lambda param: param.value.string_value is not null or param.value.int_value is not null
);

create temp table ga4_versions as
with
    loads as (
        select
            event_key,
            loaded_at,
            draw('ga4 restated', event_key) < 0.03
            and session_number is not null
            and loaded_at + interval 2 day < getvariable('last_load') as is_restated
        from ga4_facts
    )
select
    event_key,
    0 as version,
    case when is_restated then loaded_at + interval 2 day else loaded_at end as loaded_at
from loads
union all
-- the daily table before Google knew the session's campaign
select event_key, 1, loaded_at
from loads
where is_restated
union all
select event_key, 2, loaded_at + interval 6 hour
from loads
where
    not is_restated
    and draw('ga4 twice', event_key) < 0.02
    and loaded_at + interval 6 hour < getvariable('last_load');

create table landing.raw_data.ga4_events as
select
    draw_uuid('raw ga4_events', event_key * 4 + version) as _airbyte_raw_id,
    versions.loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(versions.loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    -- the property's day is the shop's
    strftime(local_date(occurred_at), '%Y%m%d') as event_date,
    epoch_us(occurred_at) as event_timestamp,
    event_name,
    null::bigint as event_previous_timestamp,
    bundle_id as event_bundle_sequence_id,
    -draw_int('ga4 offset', event_key, 900000) as event_server_timestamp_offset,
    step_number::bigint as batch_event_index,
    1::bigint as batch_ordering_id,
    epoch_us(occurred_at) // 1000 as batch_page_id,
    user_pseudo_id,
    case when user_pseudo_id is not null then user_id end as user_id,
    ga4_filled(
        [
            ga4_text('page_location', 'https://' || hostname || path),
            ga4_text('page_title', coalesce(variants.title, 'Kestrel & Pine')),
            ga4_text(
                'page_referrer',
                case when step_number % 100 = 0 then 'https://' || came.referrer || '/' end
            ),
            ga4_number('ga_session_id', ga_session_id),
            ga4_number('ga_session_number', session_number),
            ga4_number(
                'engagement_time_msec',
                case
                    when event_name <> 'session_start'
                    then 1000 + draw_int('engaged', event_key, 40000)
                end
            ),
            ga4_text('session_engaged', case when event_name <> 'session_start' then '1' end),
            ga4_text('form_id', case when step_number in (28, 29) then form_name end),
            ga4_text('traffic_type', case kind when 'internal' then 'internal' end)
        ]
    ) as event_params,
    ga4_filled([ga4_text('market', left(hostname, 2))]) as user_properties,
    epoch_us(people.acquired_on::timestamp) as user_first_touch_timestamp,
    {
        'analytics_storage': analytics_storage,
        'ads_storage': case analytics_storage when 'Yes' then 'Yes' else 'No' end,
        'uses_transient_token': case when user_pseudo_id is null then 'Yes' else 'No' end
    } as privacy_info,
    {
        'category': device_kind(browser),
        'operating_system': device_system(browser),
        'language': 'de-de',
        'web_info': {'browser': browser, 'hostname': hostname}
    } as device,
    {
        'continent': 'Europe',
        'country': country_name(ga4_facts.country),
        'region': null::varchar,
        'city': city_of(ga4_facts.country, coalesce(ga4_facts.person_id, device_key))
    } as geo,
    {
        'name': coalesce(first_touch.campaign, '(direct)'),
        'medium': coalesce(first_touch.medium, '(none)'),
        'source': coalesce(first_touch.source, '(direct)')
    } as traffic_source,
    {
        'manual_campaign_name': case when step_number % 100 = 0 then came.campaign end,
        'manual_source': case when step_number % 100 = 0 then came.source end,
        'manual_medium': case when step_number % 100 = 0 then came.medium end,
        'manual_term': null::varchar,
        'manual_content': null::varchar,
        'gclid': case
            when step_number % 100 = 0 and came.click_id = 'gclid'
            then click_value(came.click_id, visit_id)
        end,
        'dclid': null::varchar,
        'srsltid': null::varchar
    } as collected_traffic_source,
    {
        'manual_campaign': {
            'campaign_id': null::varchar,
            'campaign_name': case
                when version <> 1 and session_number is not null
                then coalesce(of_session.campaign, '(not set)')
            end,
            'source': case
                when version <> 1 and session_number is not null
                then coalesce(of_session.source, of_session.referrer, '(direct)')
            end,
            'medium': case
                when version <> 1 and session_number is not null
                then
                    coalesce(
                        of_session.medium,
                        case of_session.channel
                            when 'organic_search' then 'organic' when 'referral' then 'referral'
                        end,
                        '(none)'
                    )
            end,
            'term': null::varchar,
            'content': null::varchar
        }
    } as session_traffic_source_last_click,
    {
        'transaction_id': case when event_name = 'purchase' then platform_order_id::varchar end,
        'purchase_revenue': case
            when event_name = 'purchase'
            then money_number(net + tax + order_totals.shipping, orders.currency)
        end,
        'total_item_quantity': item_quantity,
        'unique_items': item_count
    } as ecommerce,
    case
        when items is not null
        then items
        when event_name = 'add_to_cart'
        then [{'item_id': sku, 'item_name': variants.title, 'quantity': 1::bigint}]
        else []
    end as items,
    '4410' || case when hostname like 'trade%' then '2' else '1' end as stream_id,
    'WEB' as platform,
    strftime(local_date(occurred_at), '%Y%m%d') as _table_suffix
from ga4_facts
inner join ga4_versions as versions using (event_key)
left join variants using (variant_number)
left join people on ga4_facts.person_id = people.person_id
left join arrivals as came on ga4_facts.arrival_number = came.arrival_number
left join arrivals as of_session on session_arrival = of_session.arrival_number
left join arrivals as first_touch on people.arrival_number = first_touch.arrival_number
left join orders on ga4_facts.order_id = orders.order_id and event_name = 'purchase'
left join order_totals on orders.order_id = order_totals.order_id
left join
    (
        select
            order_id,
            sum(quantity)::bigint as item_quantity,
            count(*)::bigint as item_count,
            list(
                {'item_id': sku, 'item_name': title, 'quantity': quantity} order by number
            ) as items
        from order_lines
        inner join variants using (variant_number)
        group by order_id
    ) as baskets
    on orders.order_id = baskets.order_id
order by versions.loaded_at, event_key, version;
