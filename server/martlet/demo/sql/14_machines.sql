-- Traffic that is nobody's: crawlers, the company's own staff; and visits that sit on the edge of a
-- rule.
create temp table machine_events as
with
    crawls as (
        select
            number,
            'bot' as kind,
            1000000000000 + number as visitor_key,
            getvariable('window_start') + to_seconds(
                (
                    draw('crawl start', number)
                    * (epoch(getvariable('window_end') - getvariable('window_start')) - 4000)
                )::bigint
            ) as started_at,
            -- most run a page a second; one in ten stays below that, for most of an hour
            case number % 10 when 0 then 6 else 1 end as pace,
            case number % 10 when 0 then 520 else 60 + draw_int('crawl', number, 40) end as pages,
            ['Googlebot', 'HeadlessChrome', 'Chrome'][1 + number % 3] as browser,
            [
                'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
                'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)'
                || ' HeadlessChrome/131.0.0.0 Safari/537.36',
                user_agent('Chrome')
            ][1 + number % 3] as agent,
            '203.0.113.' || (1 + number % 250)::varchar as ip
        from range(greatest(3, getvariable('people') * 11 // 1000)) as crawl(number)
    ),

    staff as (
        select
            number,
            'internal' as kind,
            2000000000000 + number % 5 as visitor_key,
            day_date::timestamp + to_seconds(25200 + draw_int('staff hour', number, 32000)) as
            started_at,
            35 as pace,
            3 + draw_int('staff pages', number, 7) as pages,
            'Chrome' as browser,
            user_agent('Chrome') as agent,
            '10.20.0.' || (10 + number % 5)::varchar as ip
        from range(greatest(3, getvariable('people') * 60 // 1000)) as visit(number)
        inner join
            days on day_number = draw_int('staff day', number, (select count(*) from days))
        where isodow(day_date) < 6
    ),

    all_visits as (
        select *
        from crawls
        union all
        select *
        from staff
    )
select
    kind,
    visitor_key,
    number,
    -- one key per page, far above those of people
    (case kind when 'bot' then 1000000000000 else 2000000000000 end + number) * 1024
    + page as event_key,
    started_at + to_seconds(page * pace) as occurred_at,
    product_path(title) as path,
    browser,
    agent,
    ip
from all_visits
cross join range(520) as pages_seen(page)
inner join
    products
    on product_number = 1 + draw_int('crawled page', (number * 1024 + page) * 4, 40)
where page < pages;

-- Gaps of exactly 29:59, 30:00 and 30:01; several events in one second; midnight in the shop's and
-- in the machine's zone; the two nights in which the clock changes.
create temp table edge_events as
with
    patterns(pattern, fault, offsets) as (
        values
            (0, 'M14', [0, 40, 1839, 1900]),
            (1, 'M14', [0, 40, 1840, 1900]),
            (2, 'M14', [0, 40, 1841, 1900]),
            (3, 'M14', [0, 0, 0, 30]),
            (4, 'M13', [0, 1, 600, 601]),
            (5, 'M13', [0, 1, 600, 601]),
            (6, 'M13', [0, 900, 2400, 4000]),
            (7, 'M13', [0, 1500, 3600, 5300])
    ),

    nights as (
        select
            pattern,
            fault,
            offsets,
            person_id,
            person_id * 8 + 7 as visitor_key,
            case
                -- one second to midnight in Berlin, and in UTC
                when pattern = 4
                then
                    (day_date::timestamp + interval 1 day - interval 1 second)
                    at time zone 'Europe/Berlin' at time zone 'UTC'
                when pattern = 5
                then day_date::timestamp + interval 1 day - interval 1 second
                -- minutes before the clock changes at 01:00 UTC on a last Sunday
                when pattern = 6
                then
                    changes.spring::timestamp + interval 40 minute
                when pattern = 7
                then changes.autumn::timestamp + interval 15 minute
                else
                    day_date::timestamp
                    + to_seconds(30000 + draw_int('edge hour', person_id, 30000))
            end as started_at
        from people
        inner join patterns on pattern = draw_int('edge pattern', person_id, 8)
        inner join
            days
            on day_number
            = (
                select count(*) from days
            ) - 1 - draw_int('edge day', person_id, (select count(*) // 2 from days))
        cross join
            (
                select
                    max(day_date) filter (month(day_date) = 3) as spring,
                    max(day_date) filter (month(day_date) = 10) as autumn
                from days
                where
                    isodow(day_date) = 7
                    and month(day_date) in (3, 10)
                    and day(day_date) >= 25
                    and day_number > (select count(*) * 45 // 100 from days)
            ) as changes
        where draw('edge visits', person_id) < 0.08
    )
select
    pattern,
    fault,
    person_id,
    visitor_key,
    visitor_key * 8192 + number as event_key,
    number,
    started_at + to_seconds(offsets[number + 1]) as occurred_at,
    ['/', '/collections/new', '/collections/packs', '/pages/journal'][number + 1] as path
from nights
cross join range(4) as page(number)
where
    started_at is not null
    and started_at + interval 2 hour < getvariable('window_end')
    and started_at > getvariable('window_start');
