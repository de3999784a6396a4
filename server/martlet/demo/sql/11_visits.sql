-- The visits that PostHog saw, and the events of each.
create temp table visits as
with
    order_visits as (
        select
            orders.person_id * 1024 + orders.order_id % 64 as visit_id,
            orders.person_id,
            orders.order_id,
            ordered_at
            - to_seconds(300 + draw_int('visit length', orders.order_id, 400)) as started_at,
            cookie_id,
            arrival_number
        from orders
        inner join order_devices using (order_id)
        where is_tracked
    ),

    -- looking around before an order; before the first one, always
    earlier_visits as (
        select
            person_id * 1024 + 64 + (order_id % 64) * 4 + number as visit_id,
            person_id,
            ordered_at - to_seconds(
                1800 + draw_wait('visit before', order_id * 4 + number, 86400 * 4)
            ) as started_at
        from orders
        cross join range(3) as visit(number)
        where
            (is_first and number = 0)
            or draw('looks before', order_id * 4 + number) < [0.62, 0.36, 0.18][number + 1]
    ),

    idle_visits as (
        select
            person_id * 1024 + 512 + number as visit_id,
            person_id,
            acquired_on::timestamp + to_seconds(
                86400 * draw_int(
                    'idle day',
                    person_id * 1024 + number,
                    case
                        when is_buyer
                        then 1 + date_diff('day', acquired_on, getvariable('through'))
                        else 45
                    end
                )
                + (
                    3600 * (
                        (
                            map {'eu': 7, 'uk': 8, 'us': 14, 'jp': 23}[market]
                            + 15 * draw('idle hour', person_id * 1024 + number)
                        )
                        % 24
                    )
                )::bigint
            ) as started_at
        from people
        cross join range(40) as visit(number)
        where
            number < case
                when not is_buyer
                then 1 + draw_wait('idle visits', person_id, 2)
                when loyalty = 'loyal'
                then draw_wait('idle visits', person_id, 10)
                when loyalty = 'occasional'
                then draw_wait('idle visits', person_id, 6)
                else draw_wait('idle visits', person_id, 3)
            end
    ),

    looking_visits as (
        select *
        from earlier_visits
        union all
        select *
        from idle_visits
    ),

    placed_visits as (
        select looking_visits.*, cookies.cookie_id, arrival_choice.arrival_number
        from
            (
                select
                    *,
                    strftime(started_at, '%Y-%m') as month_key,
                    'later' as occasion,
                    draw('visit channel', visit_id) as choice
                from looking_visits
            ) as looking_visits
        inner join
            (
                select person_id, max(cookie_number) as cookie_count from cookies group by person_id
            ) as counted using (person_id)
        inner join
            cookies
            on looking_visits.person_id = cookies.person_id
            and cookies.cookie_number
            = 1 + floor(pow(draw('visit device', visit_id), 1.7) * cookie_count)::bigint
        asof inner join
            arrival_choice
            on looking_visits.month_key = arrival_choice.month_key
            and looking_visits.occasion = arrival_choice.occasion
            and looking_visits.choice >= arrival_choice.share_from
    ),

    all_visits as (
        select visit_id, person_id, order_id, started_at, cookie_id, arrival_number
        from order_visits
        union all
        select visit_id, person_id, null, started_at, cookie_id, arrival_number
        from placed_visits
    ),

    kept as (
        select *
        from all_visits
        where
            started_at >= getvariable('window_start')
            and started_at < getvariable('window_end') - interval 20 minute
    )
select
    kept.* exclude (arrival_number),
    shared_uses.device_id,
    coalesce(shared_uses.cookie, cookies.cookie) as cookie,
    cookies.browser,
    case
        when row_number() over (partition by kept.person_id order by started_at, visit_id) = 1
        then people.arrival_number
        else kept.arrival_number
    end as arrival_number,
    coalesce(
        cookies.login_id,
        case when shared_uses.device_id is not null then order_contacts.customer_id end
    ) as login_id,
    people.market,
    people.country,
    people.currency,
    -- a broken page identifies its visitor as one of these
    case
        when kept.order_id is null and draw('broken page', visit_id) < 0.007
        then
            ['undefined', 'null', 'anonymous', '[object Object]', '0'][
                1 + draw_int('broken id', visit_id, 5)
            ]
    end as broken_id
from kept
inner join cookies using (cookie_id)
inner join people on kept.person_id = people.person_id
left join shared_uses on kept.order_id = shared_uses.order_id
left join order_contacts on kept.order_id = order_contacts.order_id;

-- The visits with a login: always on a shared device, else the first order on the cookie, else the
-- last look.
create temp table login_visits as
with
    own as (
        select visit_id, cookie_id, login_id, started_at, order_id
        from visits
        where login_id is not null and device_id is null and broken_id is null
    ),

    chosen as (
        select visit_id, cookie_id, login_id
        from own
        qualify
            row_number() over (
                partition by cookie_id
                order by
                    order_id is null,
                    case
                        when order_id is null
                        then - epoch(started_at)::bigint
                        else epoch(started_at)::bigint
                    end,
                    visit_id
            )
            = 1
    )
select visit_id, login_id
from chosen
union all
select visit_id, login_id
from visits
where device_id is not null and login_id is not null;

create temp table visit_steps as
with
    planned as (
        select
            visits.*,
            login_visits.visit_id is not null as has_login,
            case
                when order_id is not null
                then 1 + draw_int('views', visit_id, 3)
                when draw('bounces', visit_id) < 0.38
                then 0
                else 1 + draw_int('views', visit_id, 4)
            end as view_count,
            case
                when order_id is not null
                then
                    (
                        select count(*)
                        from order_lines
                        where order_lines.order_id = visits.order_id and not is_gift_card
                    )
                when draw('bounces', visit_id) >= 0.38 and draw('adds', visit_id) < 0.30
                then 1
                else 0
            end as cart_count,
            order_id is not null
            or (draw('bounces', visit_id) >= 0.38 and draw('adds', visit_id) < 0.12) as has_checkout
        from visits
        left join login_visits using (visit_id)
    ),

    listed as (
        select
            * exclude (view_count, cart_count, has_checkout, has_login),
            ['landing']
            || list_resize([]::varchar[], view_count, 'view')
            || list_resize([]::varchar[], cart_count, 'cart')
            || case when has_login then ['login'] else [] end
            || case when has_checkout then ['checkout'] else [] end
            || case when order_id is not null then ['purchase'] else [] end as steps,
            view_count
        from planned
    )
select
    listed.* exclude (steps, view_count),
    unnest(steps) as step,
    unnest(range(len(steps))) as step_number,
    view_count
from listed;

create temp table events as
with
    timed as (
        select
            *,
            visit_id * 32 + step_number as event_key,
            case
                when step = 'purchase'
                then
                    (
                        select ordered_at + interval 2 second
                        from orders
                        where orders.order_id = visit_steps.order_id
                    )
                else
                    started_at + to_seconds(
                        step_number * 26 + draw_int('pause', visit_id * 32 + step_number, 22)
                    )
            end as occurred_at,
            -- views and carts of an order follow its lines
            case
                step when 'view' then step_number when 'cart' then step_number - view_count
            end as position,
            month(started_at) as month_number,
            draw('viewed', visit_id * 32 + step_number) as choice
        from visit_steps
    ),

    looked as (
        select timed.*, variant_choice.variant_number as random_variant
        from timed
        asof inner join
            variant_choice
            on timed.month_number = variant_choice.month_number
            and timed.choice >= variant_choice.share_from
    ),

    line_positions as (
        select
            order_id,
            variant_number,
            quantity,
            row_number() over (partition by order_id order by number) as position
        from order_lines
        where not is_gift_card
    )
select
    looked.* exclude (random_variant, choice, month_number, position),
    case
        when step in ('view', 'cart') then coalesce(line_positions.variant_number, random_variant)
    end as variant_number
from looked
left join
    line_positions
    on looked.order_id = line_positions.order_id
    and looked.position = line_positions.position;

create temp table cookie_logins as
select cookie_id, min(occurred_at) as logged_in_at
from events
where step = 'login' and device_id is null
group by cookie_id;
