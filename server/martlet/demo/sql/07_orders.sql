-- The orders of both shops, when, by whom, and what became of them.
create temp table order_candidates as
with
    waits as (
        select
            person_id,
            person_id * 64 + number as order_id,
            acquired_on,
            number,
            draw_wait(
                'order wait',
                person_id * 64 + number,
                86400 * case when number = 1 then 4 when loyalty = 'loyal' then 38 else 105 end
            ) as wait
        from people
        cross join range(1, 41) as candidate(number)
        where
            is_buyer
            and number <= case loyalty when 'loyal' then 40 when 'occasional' then 12 else 1 end
    )
select
    person_id,
    order_id,
    number,
    acquired_on + (
        sum(wait) over (partition by person_id order by number rows unbounded preceding)
        // 86400
    )::int as drawn_on
from waits;

create temp table placed_orders as
with
    kept as (
        select
            order_candidates.*,
            trade_days.promotion,
            trade_days.promotion_percent,
            trade_days.month_key
        from order_candidates
        inner join trade_days on order_candidates.drawn_on = trade_days.day_date
        -- who comes back does so more likely on a good day
        where number = 1 or draw('season', order_id) < trade_days.weight / 170000.0
    ),

    timed as (
        select
            kept.*,
            -- hour of the customer's day: evening, working day, late, morning
            case
                when draw('part of day', order_id) < 0.38
                then 18 + 4 * draw('hour', order_id)
                when draw('part of day', order_id) < 0.80
                then 9 + 9 * draw('hour', order_id)
                when draw('part of day', order_id) < 0.92
                then 22 + 2.5 * draw('hour', order_id)
                else 6 + 3 * draw('hour', order_id)
            end
            - map {'eu': 1, 'uk': 0, 'us': -6, 'jp': 9}[market] as utc_hour,
            market,
            country,
            platforms,
            people.arrival_number as first_arrival_number
        from kept
        inner join people using (person_id)
    ),

    dated as (
        select
            *,
            drawn_on::timestamp
            + to_seconds(((utc_hour + 24) * 3600)::bigint % 86400) as ordered_at,
            case
                when platforms = 'both'
                then case when draw('shop', order_id) < 0.5 then 'shopify' else 'woocommerce' end
                else platforms
            end as platform
        from timed
    ),

    arrived as (
        select dated.*, arrival_choice.arrival_number as drawn_arrival_number
        from
            (
                select *, 'order' as occasion, draw('order channel', order_id) as choice from dated
            ) as dated
        asof inner join
            arrival_choice
            on dated.month_key = arrival_choice.month_key
            and dated.occasion = arrival_choice.occasion
            and dated.choice >= arrival_choice.share_from
    ),

    numbered as (
        select
            *,
            row_number() over (partition by person_id order by ordered_at, order_id)
            = 1 as is_first,
            row_number() over (partition by platform order by ordered_at, order_id) as place
        from arrived
        where ordered_at >= getvariable('window_start') and ordered_at < getvariable('window_end')
    )
select
    order_id,
    person_id,
    platform,
    place,
    case
        platform when 'shopify' then 5400000000000 + place * 16 + 3 else 1000 + place * 3
    end as platform_order_id,
    ordered_at,
    local_date(ordered_at) as order_date,
    is_first,
    country,
    case
        when platform = 'shopify'
        then map {'eu': 'EUR', 'us': 'USD', 'uk': 'GBP', 'jp': 'JPY'}[market]
        when market = 'uk'
        then 'GBP'
        else 'EUR'
    end as currency,
    case
        when is_first and draw('stays', order_id) < 0.75
        then first_arrival_number
        else drawn_arrival_number
    end as arrival_number,
    promotion,
    promotion_percent,
    draw('status', order_id) as status_draw,
    map {'DE': 19, 'AT': 20, 'NL': 21, 'FR': 20, 'ES': 21, 'IT': 22, 'GB': 20, 'US': 0, 'JP': 10}[
        country
    ]::bigint as tax_percent
from numbered;

create temp table orders as
with
    judged as (
        select
            *,
            case
                when platform = 'shopify'
                then
                    case
                        when status_draw < 0.008
                        then 'test'
                        when status_draw < 0.023
                        then 'cancelled'
                        when status_draw < 0.028
                        then 'voided'
                        when status_draw < 0.032
                        then 'draft'
                    end
                else
                    case
                        when status_draw < 0.018
                        then 'failed'
                        when status_draw < 0.028
                        then 'pending'
                        when status_draw < 0.034
                        then 'trash'
                        when status_draw < 0.046
                        then 'cancelled'
                        when status_draw < 0.051
                        then 'checkout-draft'
                    end
            end as invalid_reason,
            platform = 'shopify' and status_draw between 0.040 and 0.048 as has_gift_card,
            platform = 'shopify' and status_draw between 0.050 and 0.055 as is_free,
            case
                when platform = 'shopify' and draw('sold by', order_id) < 0.03
                then 'pos'
                when platform = 'shopify' and draw('sold by', order_id) < 0.036
                then 'phone'
                else 'web'
            end as sold_by
        from placed_orders
    ),

    coded as (
        select
            *,
            case
                when is_free
                then 'SEEDING100'
                when promotion is not null and draw('uses promotion', order_id) < 0.6
                then promotion
                when platform = 'woocommerce' and draw('coupon', order_id) < 0.2
                then 'OUTLET5'
                when platform = 'shopify' and is_first and draw('coupon', order_id) < 0.3
                then 'WELCOME10'
                when platform = 'shopify' and draw('coupon', order_id) < 0.14
                then 'TRAIL10'
            end as discount_code
        from judged
    )
select
    coded.* exclude (status_draw, promotion, promotion_percent),
    invalid_reason is null as is_valid,
    case
        discount_code
        when 'SEEDING100'
        then 100
        when 'OUTLET5'
        then 5
        when 'WELCOME10'
        then 10
        when 'TRAIL10'
        then 10
        else case when discount_code is null then 0 else promotion_percent end
    end as discount_percent
from coded;
