create schema marts; create table marts.orders as select * from (values
    (1, 12.50::decimal(18, 2), date '2026-01-01', timestamp '2026-01-01 10:00:00.5',
     timestamptz '2026-01-01 10:00+02', true, 0.1::double, 'x'::blob, interval '1 day 2 seconds',
     time '10:00', uuid '4ac7a9e9-607c-4c8a-84f3-843f0191e3fd', [1, 2], 99999999999999999999::hugeint,
     'it''s "Größe"
new', null),
    (2, null, null, null, null, null, 'inf'::double, null, null, null, null, null, null, '', null)
) as rows (order_id, total, day, "at", moment, paid, ratio, bytes, span, clock, code, list, big, note,
    nothing);
