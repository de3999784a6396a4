-- What GA4 collects: the pages of people, of crawlers that call themselves browsers, and of staff.
create temp table ga4_hits as
select
    ga4_pages.*,
    device_key,
    person_id,
    'person' as kind,
    case when consent_kind <> 'cookieless' then user_pseudo_id end as user_pseudo_id,
    analytics_storage,
    ga4_visits.arrival_number,
    order_id,
    browser,
    country,
    case when is_trade then 'trade' else 'eu' end || '.kestrelpine.example' as hostname,
    form_name
from ga4_pages
inner join ga4_visits using (visit_id)
union all
select
    event_key,
    event_key // 1024,
    'page_view',
    event_key % 1024,
    occurred_at,
    path,
    null,
    null,
    visitor_key,
    null,
    kind,
    (1 + draw_int('ga4 device', visitor_key, 2147483646))::varchar || '.1700000000',
    'Yes',
    null,
    null,
    browser,
    'DE',
    'eu.kestrelpine.example',
    null
from machine_events
where kind = 'internal' or number % 2 = 0
union all
select
    event_key,
    visitor_key * 256,
    'page_view',
    number,
    occurred_at,
    path,
    null,
    null,
    visitor_key,
    person_id,
    'person',
    (1 + draw_int('ga4 device', visitor_key, 2147483646))::varchar || '.1700000000',
    'Yes',
    null,
    null,
    'Firefox',
    country,
    'eu.kestrelpine.example',
    null
from edge_events
inner join people using (person_id)
where market = 'eu' and person_id % 3 = 0;

-- The 30-minute rule gives GA4's own session ids, one second of the epoch each.
create temp table ga4_sessions as
with
    spaced as (
        select
            event_key,
            user_pseudo_id,
            occurred_at,
            coalesce(
                date_diff(
                    'second',
                    lag(occurred_at) over (
                        partition by user_pseudo_id order by occurred_at, event_key
                    ),
                    occurred_at
                )
                > 1800,
                true
            )::int as is_new
        from ga4_hits
        where user_pseudo_id is not null
    )
select
    event_key,
    user_pseudo_id,
    occurred_at,
    is_new,
    sum(is_new) over (
        partition by user_pseudo_id order by occurred_at, event_key rows unbounded preceding
    ) as session_number
from spaced;

create temp table ga4_facts as
with
    sessions as (
        select
            user_pseudo_id,
            session_number,
            min(occurred_at) as session_started_at,
            arg_min(event_key, (occurred_at, event_key)) as first_event_key
        from ga4_sessions
        group by user_pseudo_id, session_number
    ),

    hits as (
        select
            ga4_hits.*,
            ga4_sessions.session_number,
            epoch(session_started_at)::bigint as ga_session_id,
            first_event_key = event_key as is_first
        from ga4_hits
        left join ga4_sessions using (event_key, user_pseudo_id)
        left join sessions using (user_pseudo_id, session_number)
    ),

    arrived as (
        select
            user_pseudo_id,
            session_number,
            any_value(arrival_number) filter (is_first) as session_arrival
        from hits
        where user_pseudo_id is not null
        group by user_pseudo_id, session_number
    ),

    starts as (
        select *
        from hits
        union all
        select
            hits.* replace (
                -- a key and a place that no page has
                3000000000000 * 1024 + event_key as event_key,
                'session_start' as event_name,
                100 + step_number as step_number
            )
        from hits
        where is_first and kind = 'person'
    )
select
    starts.* exclude (is_first),
    session_arrival,
    occurred_at + to_seconds(3600 + late_seconds('ga4', event_key)) as exported_at,
    loaded_after(occurred_at + to_seconds(3600 + late_seconds('ga4', event_key))) as loaded_at,
    1 + draw_int('ga4 bundle', visit_id, 9000000000000000) as bundle_id
from starts
left join arrived using (user_pseudo_id, session_number);
