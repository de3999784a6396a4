-- What the later tools write around the facts: late arrivals, wrong clocks, machines.
-- One event in five arrives one to three days late, one in fifty four to ten days, a few later.
create temp macro late_seconds(purpose, key) as case
    when draw('late ' || purpose, key) < 0.200
    then (86400 * (1 + 2 * draw('delay ' || purpose, key)))::bigint
    when draw('late ' || purpose, key) < 0.220
    then (86400 * (4 + 6 * draw('delay ' || purpose, key)))::bigint
    when draw('late ' || purpose, key) < 0.222
    then (86400 * (11 + 29 * draw('delay ' || purpose, key)))::bigint
    else 0
end;
-- Live, an event is received after one to four seconds; the window's end is the last that arrives.
create temp macro received_after(purpose, key, moment) as least(
    moment + to_seconds(1 + draw_int('latency ' || purpose, key, 4) + late_seconds(purpose, key)),
    getvariable('window_end') + interval 10 minute
);
-- A device's clock: ahead by hours or days, or never set. Only live events are stamped so.
create temp macro clock_fault(purpose, key) as case
    when draw('late ' || purpose, key) < 0.222
    then null
    when draw('clock ' || purpose, key) < 0.004
    then 'ahead'
    when draw('clock ' || purpose, key) < 0.006
    then '1970'
end;
create temp macro stamped_at(purpose, key, moment) as case clock_fault(purpose, key)
    when 'ahead' then moment + to_seconds(3600 + draw_int('ahead ' || purpose, key, 250000))
    when '1970' then timestamp '1970-01-01' + to_seconds(draw_int('1970 ' || purpose, key, 86400))
    else moment
end;
-- The time that counts: a stamp that cannot be is replaced by the moment of receipt.
create temp macro clean_time(stamp, received) as case
    when stamp > received + interval 5 minute or stamp < timestamp '2000-01-01'
    then received
    else stamp
end;

-- A visitor's device: one cookie, or a device that several people share.
create temp macro device_of(cookie_id, device_id) as coalesce(- device_id, cookie_id);

create temp macro device_kind(browser) as
    case browser when 'Mobile Safari' then 'mobile' else 'desktop' end;
create temp macro device_system(browser) as case browser
    when 'Mobile Safari' then 'iOS'
    when 'Safari' then 'macOS'
    when 'Firefox' then 'Linux'
    when 'Googlebot' then 'Linux'
    when 'HeadlessChrome' then 'Linux'
    else 'Windows'
end;
create temp macro country_name(code) as map {
    'DE': 'Germany',
    'AT': 'Austria',
    'NL': 'Netherlands',
    'FR': 'France',
    'ES': 'Spain',
    'IT': 'Italy',
    'GB': 'United Kingdom',
    'US': 'United States',
    'JP': 'Japan'
}[code];
create temp macro city_of(code, key) as map {
    'DE': ['Berlin', 'Hamburg', 'München', 'Leipzig'],
    'AT': ['Wien', 'Innsbruck', 'Graz', 'Linz'],
    'NL': ['Amsterdam', 'Utrecht', 'Rotterdam', 'Groningen'],
    'FR': ['Paris', 'Lyon', 'Grenoble', 'Nantes'],
    'ES': ['Madrid', 'Barcelona', 'Bilbao', 'Granada'],
    'IT': ['Milano', 'Torino', 'Bolzano', 'Roma'],
    'GB': ['London', 'Leeds', 'Edinburgh', 'Bristol'],
    'US': ['Denver', 'Portland', 'New York', 'Boston'],
    'JP': ['Tokyo', 'Osaka', 'Sapporo', 'Nagoya']
}[code][1 + draw_int('city', key, 4)];

create temp macro product_path(title) as
    '/products/' || lower(replace(replace(title, ' ', '-'), '.', '-'));

-- Ids that a broken page sends instead of a person's.
create temp macro is_broken_id(id) as
    id in ('undefined', 'null', 'anonymous', '[object Object]', '0');

-- GA4 gives its events no id: a bundle and the place in it stand for one.
create temp macro ga4_event_id(bundle, place) as bundle::varchar || '/' || place::varchar;
