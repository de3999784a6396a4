-- Every type that a DuckDB from 1.4 on has, with the values that are easiest to bend.
create schema marts;
create type marts.mood as enum ('calm', 'glad');
create table marts.every_type as select * from (values
    (1, 12.3456::decimal(38, 4), 1.5::decimal(4, 1), 170141183460469231731687303715884105727::hugeint,
     340282366920938463463374607431768211455::uhugeint, 18446744073709551615::ubigint,
     1::tinyint, 0.1::float, 'nan'::double, true,
     timestamptz '2026-03-29 00:30:00.123456+00', timestamp '2026-01-01 23:59:59.999999',
     timestamp_ns '2026-01-01 00:00:00.123456789', timestamp_s '2026-01-01 00:00:01',
     timestamp_ms '2026-01-01 00:00:00.123', date '0001-01-01', time '23:59:59.999999',
     timetz '10:00:00+02', interval '1 month 2 days 3.000001 seconds',
     '4ac7a9e9-607c-4c8a-84f3-843f0191e3fd'::uuid, '\x00\xFF'::blob, '101'::bit,
     '{"a": [1, null]}'::json, 'glad'::marts.mood, ['x', null, 'Größe "q"'],
     {'a': 1::hugeint, 'b c': ['calm'::marts.mood]}, map {'k': interval 1 day},
     [1.5::decimal(4, 1), null]::decimal(4, 1)[2], 'line one
line two', ''),
    (2, null, null, null, null, null, null, null, null, null, timestamptz 'infinity', null, null,
     null, null, date 'infinity', null, null, null, null, null, null, null, null, [], null, null,
     null, null, null)
) as rows (id, price, small, big, ubig, ulong, tiny, ratio, share, flag, moment, local_time,
    exact, seconds, millis, day, clock, zoned_clock, span, code, bytes, bits, note, mood, names,
    pair, spans, two, "Long Text", "60_day ""q""");
create table marts.empty_mart as select 1 as id, 'x'::varchar as name where false;
create view marts.v_orders as select i as order_id, i % 3 as customer_id from range(10) as t(i);
create table marts.people as select i as id, 'CANARY_PII_' || i as email from range(3) as t(i);
