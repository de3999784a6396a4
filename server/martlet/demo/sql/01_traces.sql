-- What connectors and shops write around the facts.
-- Loads run every six hours; the last one minutes after the window's end.
create temp macro loaded_after(moment) as least(
    make_timestamp(((epoch(moment)::bigint // 21600 + 1) * 21600 + 300) * 1000000),
    getvariable('last_load')
);
create temp macro load_meta(loaded_at) as (
    '{"sync_id":' || (epoch(loaded_at)::bigint // 21600 - 70000)::varchar || ',"changes":[]}'
)::json;
create temp macro json_field(name, value) as '"' || name || '":"' || value || '"';

create temp macro shopify_product_id(product_number) as 7800000000000 + product_number * 1117;
create temp macro shopify_variant_id(variant_number) as 43200000000000 + variant_number * 2311;
create temp macro shopify_inventory_item_id(variant_number) as 47300000000000 + variant_number * 13;
create temp macro stock_location_id(location_number) as 61000000000 + location_number * 1009;
create temp macro woocommerce_product_id(variant_number) as 100 + variant_number * 2;
create temp macro shop_url(currency) as
    'kestrelpine-'
    || map {'EUR': 'eu', 'USD': 'us', 'GBP': 'uk', 'JPY': 'jp'}[currency]
    || '.myshopify.com';

-- Addresses reserved for documentation.
create temp macro fake_ip(person_id) as
    ['192.0.2.', '198.51.100.', '203.0.113.'][1 + person_id % 3]
    || (1 + draw_int('ip', person_id, 250))::varchar;
create temp macro user_agent(browser) as 'Mozilla/5.0 (' || case browser
    when 'Chrome' then
        'Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)'
        || ' Chrome/131.0.0.0 Safari/537.36'
    when 'Edge' then
        'Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)'
        || ' Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0'
    when 'Firefox' then 'X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'
    when 'Safari' then
        'Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)'
        || ' Version/18.1 Safari/605.1.15'
    else
        'iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)'
        || ' Version/18.1 Mobile/15E148 Safari/604.1'
end;

-- A landing URL carries where the visit came from.
create temp macro click_value(click_id, key) as
    case click_id when 'fbclid' then 'IwAR' else 'Cj0K' end
    || left(md5(getvariable('seed')::varchar || 'click' || key::varchar), 20);
create temp macro landing_query(key, source, medium, campaign, click_id) as coalesce(
    '?utm_source=' || source || '&utm_medium=' || medium || '&utm_campaign=' || campaign
    || coalesce('&' || click_id || '=' || click_value(click_id, key), ''),
    ''
);
create temp macro landing_path(key, source, medium, campaign, click_id) as
    ['/', '/collections/new', '/collections/packs', '/collections/shelter', '/pages/journal'][
        1 + draw_int('landing page', key, 5)
    ]
    || landing_query(key, source, medium, campaign, click_id);
