-- GA4 on the European storefront and on the trade site, with the consent banner's answer in every
-- event. Where nobody consented, half of the devices send no ids, and half send them all the same.
create temp table ga4_devices as
with
    seen as (
        select device_of(cookie_id, device_id) as device_key from visits
        union
        select cookie_id from trade_visits
    )
select
    device_key,
    draw('blocks analytics', device_key) < 0.42 as is_blocking,
    (1 + draw_int('ga4 device', device_key, 2147483646))::varchar
    || '.'
    || (1700000000 + draw_int('ga4 device age', device_key, 90000000))::varchar as user_pseudo_id,
    case
        when draw('consent', device_key) < 0.040
        then 'cookieless'
        when draw('consent', device_key) < 0.080
        then 'denied'
        when draw('consent', device_key) < 0.100
        then 'unset'
        when draw('consent', device_key) < 0.120
        then 'withdrawn'
        when draw('consent', device_key) < 0.140
        then 'given later'
        else 'granted'
    end as consent,
    getvariable('window_start') + to_seconds(
        (
            (0.3 + 0.5 * draw('consent changes', device_key))
            * epoch(getvariable('window_end') - getvariable('window_start'))
        )::bigint
    ) as consent_changed_at
from seen;

create temp macro storage_consent(consent, changed_at, moment) as case
    when consent = 'granted'
    then 'Yes'
    when consent = 'unset'
    then 'Unset'
    when consent = 'withdrawn' and moment < changed_at
    then 'Yes'
    when consent = 'given later' and moment >= changed_at
    then 'Yes'
    else 'No'
end;

create temp table ga4_visits as
with
    all_visits as (
        select
            visit_id,
            person_id,
            order_id,
            device_of(cookie_id, device_id) as device_key,
            device_id is not null as is_shared,
            started_at,
            arrival_number,
            browser,
            country,
            login_id,
            false as is_trade,
            false as is_inquiry
        from visits
        where market = 'eu'
        union all
        select
            visit_id,
            trade_visits.person_id,
            null,
            cookie_id,
            false,
            started_at,
            trade_visits.arrival_number,
            browser,
            country,
            null,
            true,
            is_inquiry
        from trade_visits
        inner join people using (person_id)
    )
select
    all_visits.*,
    user_pseudo_id,
    ga4_devices.consent as consent_kind,
    storage_consent(consent, consent_changed_at, started_at) as analytics_storage,
    -- the newsletter and the guide on the storefront, the inquiry on the trade site
    case
        when is_inquiry
        then 'trade_inquiry'
        when order_id is null and not is_trade and draw('fills form', visit_id) < 0.05
        then ['newsletter', 'gear_guide'][1 + draw_int('which form', visit_id, 2)]
    end as form_name
from all_visits
inner join ga4_devices using (device_key)
where not is_blocking;

-- Three tables, not one statement: over a union of such joins, DuckDB 2.0 may lose track of whose
-- dictionary a text is in, and breaks off.
create temp table ga4_store_pages as
select
    event_key,
    ga4_visits.visit_id,
    case
        step
        when 'cart'
        then 'add_to_cart'
        when 'login'
        then 'login'
        when 'checkout'
        then 'begin_checkout'
        when 'purchase'
        then 'purchase'
        else 'page_view'
    end as event_name,
    step_number,
    event_facts.occurred_at,
    case
        step
        when 'landing'
        then
            landing_path(
                ga4_visits.visit_id, source, medium, campaign, click_id
            )
        when 'login'
        then '/account/login'
        when 'checkout'
        then '/checkout'
        when 'purchase'
        then '/checkout/thank-you'
        else product_path(variants.title)
    end as path,
    variant_number,
    case when distinct_id <> cookie then distinct_id end as user_id
from event_facts
inner join ga4_visits using (visit_id)
left join variants using (variant_number);

create temp table ga4_trade_pages as
select
    visit_id * 32 + page as event_key,
    visit_id,
    'page_view' as event_name,
    page as step_number,
    started_at
    + to_seconds(page * 41 + draw_int('trade page', visit_id * 32 + page, 30)) as occurred_at,
    case
        page
        when 0
        then landing_path(visit_id, source, medium, campaign, click_id)
        else ['/for-guides', '/for-hotels', '/inquiry'][page]
    end as path,
    null::bigint as variant_number,
    null::varchar as user_id
from ga4_visits
inner join arrivals using (arrival_number)
cross join range(4) as pages(page)
where is_trade and page < 2 + draw_int('trade pages', visit_id, 3);

create temp table ga4_pages as
with
    viewed as (
        select *
        from ga4_store_pages
        union all
        select *
        from ga4_trade_pages
    ),

    -- a form is sent at the end of the visit; an inquiry is a lead, too
    last_pages as (
        select
            visit_id,
            max(occurred_at) as left_at,
            arg_max(user_id, (occurred_at, event_key)) as user_id
        from viewed
        group by visit_id
    ),

    forms as (
        select
            visit_id * 32 + 28 + number as event_key,
            visit_id,
            ['form_submit', 'generate_lead'][number + 1],
            28 + number,
            left_at + to_seconds(20 + draw_int('form filled', visit_id, 60) + number),
            case form_name when 'trade_inquiry' then '/inquiry' else '/pages/' || form_name end,
            null::bigint,
            last_pages.user_id
        from last_pages
        inner join ga4_visits using (visit_id)
        cross join range(2) as sent(number)
        where form_name is not null and (number = 0 or form_name = 'trade_inquiry')
    )
select *
from viewed
union all
select *
from forms;
