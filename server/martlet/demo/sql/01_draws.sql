-- Draws that depend on the seed, a purpose and an entity's id alone, so that no result depends on row order or threads.
-- Keys of entities are BIGINT: cookie = person * 8 + n, order = person * 64 + n, line = order * 8 + n,
-- session = person * 1024 + n, event = session * 32 + n.
-- xor of two hashes, hashed again: hash(a, b) is linear in its parts, and its draws are correlated.
create temp macro draw(purpose, key) as (
    (hash(xor(hash(key::bigint), hash(getvariable('seed')::varchar || purpose))) >> 11)::double / 9007199254740992.0
);
create temp macro draw_int(purpose, key, choices) as floor(draw(purpose, key) * choices)::bigint;
create temp macro draw_uuid(purpose, key) as md5(getvariable('seed')::varchar || purpose || key::varchar)::uuid::varchar;
-- An exponential waiting time in whole seconds.
create temp macro draw_wait(purpose, key, mean_seconds) as floor(-ln(1 - draw(purpose, key)) * mean_seconds)::bigint;

-- Integer arithmetic of money in minor units (cents; yen), half up, for amounts of zero or more.
create temp macro share_of(amount, part, whole) as (2 * amount::hugeint * part + whole) // (2 * whole);
create temp macro percent_of(amount, percent) as ((2 * amount * percent + 100) // 200)::bigint;
create temp macro currency_decimals(currency) as case when currency = 'JPY' then 0 else 2 end;
create temp macro major(minor, currency) as
    case when currency = 'JPY' then minor::decimal(18, 2) else (minor::decimal(18, 2) * 0.01::decimal(3, 2))::decimal(18, 2) end;
create temp macro money_text(minor, currency) as
    case when currency = 'JPY' then minor::varchar else major(minor, currency)::varchar end;
create temp macro money_number(minor, currency) as major(minor, currency)::double;

-- Loads run every six hours; the last one minutes after the window's end.
create temp macro loaded_after(moment) as least(
    make_timestamp(((epoch(moment)::bigint // 21600 + 1) * 21600 + 300) * 1000000),
    getvariable('last_load')
);
create temp macro json_field(name, value) as '"' || name || '":"' || value || '"';
create temp macro local_date(moment) as ((moment at time zone 'UTC') at time zone 'Europe/Berlin')::date;
create temp macro shop_time(moment) as (moment at time zone 'UTC') at time zone 'Europe/Berlin';
create temp macro utc_text(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%SZ');

-- What connectors and shops write around the facts.
create temp macro load_meta(loaded_at) as (
    '{"sync_id":' || (epoch(loaded_at)::bigint // 21600 - 70000)::varchar || ',"changes":[]}'
)::json;
create temp macro shopify_product_id(product_number) as 7800000000000 + product_number * 1117;
create temp macro shopify_variant_id(variant_number) as 43200000000000 + variant_number * 2311;
create temp macro woocommerce_product_id(variant_number) as 100 + variant_number * 2;
create temp macro shop_url(currency) as 'kestrelpine-' || map {'EUR': 'eu', 'USD': 'us', 'GBP': 'uk', 'JPY': 'jp'}[currency] || '.myshopify.com';
-- addresses reserved for documentation
create temp macro fake_ip(person_id) as
    ['192.0.2.', '198.51.100.', '203.0.113.'][1 + person_id % 3] || (1 + draw_int('ip', person_id, 250))::varchar;
create temp macro user_agent(browser) as case browser
    when 'Chrome' then 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36'
    when 'Edge' then 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0'
    when 'Firefox' then 'Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0'
    when 'Safari' then 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15'
    else 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1'
end;
create temp macro click_value(click_id, key) as
    case click_id when 'fbclid' then 'IwAR' else 'Cj0K' end || left(md5(getvariable('seed')::varchar || 'click' || key::varchar), 20);
create temp macro landing_query(key, source, medium, campaign, click_id) as coalesce(
    '?utm_source=' || source || '&utm_medium=' || medium || '&utm_campaign=' || campaign
    || coalesce('&' || click_id || '=' || click_value(click_id, key), ''),
    ''
);
create temp macro landing_path(key, source, medium, campaign, click_id) as
    ['/', '/collections/new', '/collections/packs', '/collections/shelter', '/pages/journal'][1 + draw_int('landing page', key, 5)]
    || landing_query(key, source, medium, campaign, click_id);
