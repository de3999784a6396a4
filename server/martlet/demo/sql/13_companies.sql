-- The trade: companies that buy outside the shops, and the people who work there.
create temp table companies as
with
    drawn as (
        select
            company_number,
            [
                'Bergschule',
                'Hotel',
                'Alpinclub',
                'Kletterhalle',
                'Mountain Guides',
                'Outdoor School',
                'Trekking Travel',
                'Scouts',
                'Rescue Team',
                'Expeditions'
            ][1 + draw_int('company kind', company_number, 10)] as kind,
            [
                'Isar',
                'Karwendel',
                'Watzmann',
                'Harz',
                'Spree',
                'Elbe',
                'Eifel',
                'Rhön',
                'Dolomiti',
                'Vercors',
                'Pyrenees',
                'Tatra',
                'Jura',
                'Ardennes',
                'Lakeland',
                'Allgäu'
            ][1 + draw_int('company place', company_number, 16)] as place
        from range(1, 1 + greatest(2, getvariable('people') // 20)) as company(company_number)
    )
select
    company_number,
    9100000000 + company_number * 7 as company_id,
    kind || ' ' || place || ' ' || company_number::varchar as company_name,
    replace(strip_accents(lower(kind || '-' || place)), ' ', '-')
    || '-'
    || company_number::varchar
    || '.example' as domain,
    -- the trade desk met them in the first twenty months
    getvariable('window_start') + to_seconds(
        (
            draw('company since', company_number)
            * 0.8
            * epoch(getvariable('window_end') - getvariable('window_start'))
        )::bigint
    ) as known_since
from drawn;

create temp table members as
select
    person_id,
    company_number,
    strip_accents(lower(first_name || '.' || last_name)) as local_name,
    [
        'Head guide',
        'Purchasing manager',
        'Owner',
        'Equipment lead',
        'Office manager',
        'Programme director'
    ][1 + draw_int('job', person_id, 6)] as job_title
from people
inner join
    companies
    on company_number
    = 1 + draw_int('company', person_id, (select count(*) from companies))
where draw('works in the trade', person_id) < 0.10;
