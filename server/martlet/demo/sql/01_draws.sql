-- Draws that depend on the seed, a purpose and an entity's id alone, so that no result depends on
-- row order or threads. Keys of entities are BIGINT: cookie = person * 8 + n, order = person * 64
-- + n, line = order * 8 + n, session = person * 1024 + n, event = session * 32 + n.
-- xor of two hashes, hashed again: hash(a, b) is linear in its parts, and its draws are correlated.
create temp macro draw(purpose, key) as (
    hash(xor(hash(key::bigint), hash(getvariable('seed')::varchar || purpose))) >> 11
)::double / 9007199254740992.0;
create temp macro draw_int(purpose, key, choices) as floor(draw(purpose, key) * choices)::bigint;
create temp macro draw_uuid(purpose, key) as
    md5(getvariable('seed')::varchar || purpose || key::varchar)::uuid::varchar;
-- An exponential waiting time in whole seconds.
create temp macro draw_wait(purpose, key, mean_seconds) as
    floor(-ln(1 - draw(purpose, key)) * mean_seconds)::bigint;

-- Integer arithmetic of money in minor units (cents; yen), half up, for amounts of zero or more.
create temp macro share_of(amount, part, whole) as
    (2 * amount::hugeint * part + whole) // (2 * whole);
create temp macro percent_of(amount, percent) as ((2 * amount * percent + 100) // 200)::bigint;
create temp macro major(minor, currency) as case
    when currency = 'JPY' then minor::decimal(18, 2)
    else (minor::decimal(18, 2) * 0.01::decimal(3, 2))::decimal(18, 2)
end;
create temp macro money_text(minor, currency) as
    case when currency = 'JPY' then minor::varchar else major(minor, currency)::varchar end;
create temp macro money_number(minor, currency) as major(minor, currency)::double;

-- Moments are TIMESTAMP in UTC.
create temp macro shop_time(moment) as (moment at time zone 'UTC') at time zone 'Europe/Berlin';
create temp macro local_date(moment) as shop_time(moment)::date;
create temp macro utc_text(moment) as strftime(moment, '%Y-%m-%dT%H:%M:%SZ');
