-- PostHog as its connector lands it: events with text properties, persons with the ids that were
-- merged into them.
create temp table shared_logins as
select
    device_id,
    cookie,
    -- half of the shared devices were merged into whoever logged in first
    case when device_id % 2 = 0 then first(login_id order by occurred_at, event_key) end as owner_id
from events
where step = 'login' and device_id is not null
group by device_id, cookie;

create temp table visit_logins as
select visit_id, min(occurred_at) as logged_in_at
from events
where step = 'login'
group by visit_id;

create temp table event_facts as
select
    events.*,
    arrivals.* exclude (arrival_number),
    case
        when broken_id is not null
        then broken_id
        when device_id is not null and occurred_at >= visit_logins.logged_in_at
        then events.login_id::varchar
        when device_id is null and occurred_at >= cookie_logins.logged_in_at
        then events.login_id::varchar
        else events.cookie
    end as distinct_id,
    case when step = 'login' then events.cookie end as anonymous_id,
    loaded_after(occurred_at) as loaded_at
from events
inner join arrivals on events.arrival_number = arrivals.arrival_number
left join visit_logins using (visit_id)
left join cookie_logins on events.cookie_id = cookie_logins.cookie_id;

create table landing.raw_data.posthog_events as
with
    described as (
        select
            event_facts.*,
            case
                step
                when 'login'
                then '$identify'
                when 'cart'
                then 'add_to_cart'
                when 'checkout'
                then 'checkout_started'
                when 'purchase'
                then 'purchase'
                else '$pageview'
            end as event,
            case
                step
                when 'landing'
                then landing_path(visit_id, source, medium, campaign, click_id)
                when 'view'
                then '/products/' || lower(replace(replace(variants.title, ' ', '-'), '.', '-'))
                when 'cart'
                then '/products/' || lower(replace(replace(variants.title, ' ', '-'), '.', '-'))
                when 'login'
                then '/account/login'
                when 'checkout'
                then '/checkout'
                else '/checkout/thank-you'
            end as path,
            variants.sku,
            variants.product_number,
            orders.platform_order_id,
            orders.currency as order_currency,
            order_totals.net + order_totals.tax + order_totals.shipping as order_value
        from event_facts
        left join variants using (variant_number)
        left join orders on event_facts.order_id = orders.order_id and step = 'purchase'
        left join order_totals on orders.order_id = order_totals.order_id
    ),

    filled as (
        select
            *,
            (
                '{' || concat_ws(
                    ',',
                    json_field(
                        '$current_url', 'https://' || market || '.kestrelpine.example' || path
                    ),
                    json_field('$pathname', split_part(path, '?', 1)),
                    case
                        when step <> 'landing'
                        then json_field('$referring_domain', market || '.kestrelpine.example')
                        else json_field('$referring_domain', coalesce(referrer, '$direct'))
                    end,
                    case when step = 'landing' then json_field('utm_source', source) end,
                    case when step = 'landing' then json_field('utm_medium', medium) end,
                    case when step = 'landing' then json_field('utm_campaign', campaign) end,
                    case
                        when step = 'landing'
                        then json_field(click_id, click_value(click_id, visit_id))
                    end,
                    json_field('$session_id', draw_uuid('visit', visit_id)),
                    json_field('$device_id', cookie),
                    case
                        when distinct_id <> cookie and broken_id is null
                        then json_field('$user_id', distinct_id)
                    end,
                    json_field('$anon_distinct_id', anonymous_id),
                    json_field('$lib', 'web'),
                    json_field('$browser', browser),
                    json_field('$geoip_country_code', country),
                    json_field('product_id', shopify_product_id(product_number)::varchar),
                    json_field('sku', sku),
                    '"value":' || money_text(order_value, order_currency),
                    json_field('currency', order_currency),
                    json_field('order_id', platform_order_id::varchar)
                )
                || '}'
            )::json as properties,
            (
                '{"is_identified":'
                || (distinct_id <> cookie and broken_id is null)::varchar
                || ',"distinct_ids":["'
                || distinct_id
                || '"],"properties":{}}'
            )::json as person
        from described
    ),

    versioned as (
        select *, 0 as version
        from filled
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 1
        from filled
        where
            draw('event twice', event_key) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
        union all
        -- one event that the page sent twice, under two ids
        select *, 2
        from filled
        where draw('event two ids', event_key) < 0.002
    )
select
    draw_uuid('raw posthog_events', event_key * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    draw_uuid(case version when 2 then 'second event' else 'event' end, event_key) as id,
    distinct_id,
    event,
    occurred_at at time zone 'UTC' as timestamp,
    properties,
    person,
    '' as elements_chain
from versioned
order by loaded_at, event_key, version;

-- Identified persons carry the account as an id; cookies that never logged in stand alone; one
-- person collects broken ids.
create temp table posthog_people as
with
    members as (
        select login_id, cookie, min(occurred_at) as seen_at
        from events
        where step = 'login' and device_id is null
        group by login_id, cookie
        union all
        select login_id, events.cookie, min(occurred_at)
        from events
        inner join shared_logins using (device_id)
        where step = 'login' and owner_id = login_id
        group by login_id, events.cookie
    ),

    logins as (
        select login_id, min(occurred_at) as logged_in_at
        from events
        where step = 'login'
        group by login_id
    ),

    known as (
        select
            logins.login_id,
            logged_in_at,
            coalesce(
                list(cookie order by seen_at, cookie) filter (cookie is not null), []
            ) as member_cookies
        from logins
        left join members using (login_id)
        group by logins.login_id, logged_in_at
    ),

    lonely as (
        select
            coalesce(- device_id, events.cookie_id) as key,
            events.cookie,
            min(person_id) as person_id,
            min(occurred_at) as seen_at
        from events
        left join shared_logins using (device_id)
        left join cookie_logins using (cookie_id)
        where
            broken_id is null
            and case
                when device_id is null then cookie_logins.logged_in_at is null else owner_id is null
            end
        group by all
    )
select
    known.login_id as key,
    draw_uuid('posthog person', known.login_id) as uuid,
    account_emails.person_id,
    [known.login_id::varchar] || member_cookies as distinct_ids,
    -- PostHog was never told the address of people whose link is only transitive
    case
        when not is_transitive and draw('tells posthog', known.login_id) < 0.85 then email_before
    end as email,
    first_name || ' ' || last_name as name,
    logged_in_at as created_moment
from known
inner join account_emails on known.login_id = account_emails.customer_id
inner join people using (person_id)
union all
select
    key,
    draw_uuid('lonely person', key),
    case when key > 0 then person_id end,
    [cookie],
    null,
    null,
    seen_at
from lonely
union all
select
    0,
    draw_uuid('broken person', 0),
    null,
    list(distinct broken_id order by broken_id),
    null,
    null,
    min(occurred_at)
from events
where broken_id is not null
having count(*) > 0;

create table landing.raw_data.posthog_persons as
with
    loads as (select *, loaded_after(created_moment) as loaded_at from posthog_people),

    versioned as (
        select *, 0 as version
        from loads
        union all
        -- before the others were merged into it
        select
            * replace (
                loaded_at - interval 6 hour as loaded_at,
                distinct_ids[1:1] as distinct_ids,
                null as email
            ),
            1
        from loads
        where len(distinct_ids) > 1 and draw('older person', key) < 0.06
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 2
        from loads
        where
            draw('person twice', key) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw posthog_persons', key * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    uuid as id,
    coalesce(name, distinct_ids[1]) as name,
    uuid,
    to_json(distinct_ids) as distinct_ids,
    ('{' || concat_ws(',', json_field('email', email), json_field('name', name)) || '}')::json
    as properties,
    created_moment at time zone 'UTC' as created_at
from versioned
order by loaded_at, key, version;
