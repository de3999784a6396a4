-- The people, and what belongs to each: e-mail addresses, accounts, cookies.
create temp table people as
with
    drawn as (
        select
            person_id,
            ['Anna', 'Lukas', 'Marie', 'Jonas', 'Lena', 'Paul', 'Sofia', 'Felix', 'Emma', 'Noah', 'Clara', 'Max', 'Zoë', 'José',
            'Björn', 'Chloé', 'Ida', 'Tom', 'Nina', 'Omar', 'Ruth', 'Akira', 'Yuki', 'Grace', 'Jack', 'Olivia', 'René', 'Søren',
            'Eva', 'Hugo'][1 + draw_int('first name', person_id, 30)] as first_name,
            ['Keller', 'Müller', 'Bakker', 'Rossi', 'Garcia', 'Dubois', 'Weber', 'Schmidt', 'Visser', 'Moreau', 'Fischer', 'Huber',
            'Gruber', 'Lindqvist', 'Smith', 'Brown', 'Taylor', 'Tanaka', 'Sato', 'Johnson', 'Miller', 'Davis', 'Novak', 'Jansen',
            'Vogel', 'Brandt', 'Lange', 'Peeters', 'Costa', 'Martin'][1 + draw_int('last name', person_id, 30)] as last_name,
            case
                when draw('market', person_id) < 0.76 then 'eu'
                when draw('market', person_id) < 0.87 then 'us'
                when draw('market', person_id) < 0.95 then 'uk'
                else 'jp'
            end as market,
            -- one in five was here before the window: these arrive in its first two months
            case
                when draw('early', person_id) < 0.2 then draw('arrival', person_id) * least(60, 1 + getvariable('through') - getvariable('first_day'))
            end as early_day
        from range(1, getvariable('people') + 1) as person(person_id)
    ),

    weighed as (
        select *, draw('arrival', person_id) * (select any_value(weight_total) from trade_days) as position from drawn
    ),

    arrived as (
        select
            weighed.*,
            coalesce(getvariable('first_day') + early_day::bigint::int, trade_days.day_date) as acquired_on
        from weighed
        asof inner join trade_days on weighed.position >= trade_days.weight_before
    ),

    found as (
        select
            arrived.*,
            arrival_choice.arrival_number,
            strftime(acquired_on, '%Y-%m') as acquired_month
        from (select *, strftime(acquired_on, '%Y-%m') as month_key, 'first' as occasion, draw('channel', person_id) as choice from arrived) as arrived
        asof inner join arrival_choice
            on arrived.month_key = arrival_choice.month_key
            and arrived.occasion = arrival_choice.occasion
            and arrived.choice >= arrival_choice.share_from
    )
select
    person_id,
    first_name,
    last_name,
    market,
    case
        when market <> 'eu' then map {'us': 'US', 'uk': 'GB', 'jp': 'JP'}[market]
        else ['DE', 'DE', 'DE', 'DE', 'DE', 'DE', 'DE', 'AT', 'NL', 'NL', 'FR', 'FR', 'ES', 'IT'][1 + draw_int('country', person_id, 14)]
    end as country,
    map {'eu': 'EUR', 'us': 'USD', 'uk': 'GBP', 'jp': 'JPY'}[market] as currency,
    acquired_on,
    arrival_number,
    draw('buys', person_id) * 100 < buyers_percent as is_buyer,
    case
        when draw('loyalty', person_id) * 100 < loyal_percent then 'loyal'
        when draw('loyalty', person_id) * 100 < 100 - once_percent then 'occasional'
        else 'once'
    end as loyalty,
    case
        when market not in ('eu', 'uk') or draw('platform', person_id) < 0.64 then 'shopify'
        when draw('platform', person_id) < 0.80 then 'woocommerce'
        else 'both'
    end as platforms,
    draw('has account', person_id) < 0.85 as has_account,
    draw('transitive', person_id) < 0.23 as is_transitive,
    case
        when draw('messy email', person_id) < 0.07 then 'case and blanks'
        when draw('messy email', person_id) < 0.095 then 'plus tag'
        when draw('messy email', person_id) < 0.12 then 'dots'
        when draw('messy email', person_id) < 0.2 and strip_accents(first_name || last_name) <> first_name || last_name then 'unicode'
    end as email_habit
from found
inner join arrivals using (arrival_number);

-- One row per address that the person really has, in its clean form.
create temp table addresses as
with
    counted as (
        select
            *,
            case
                when not is_buyer and draw('addresses', person_id) < 0.35 then 0
                when draw('addresses', person_id) < 0.80 then 1
                when draw('addresses', person_id) < 0.97 then 2
                else 3
            end as address_count
        from people
    )
select
    person_id,
    slot,
    lower(
        case when email_habit = 'unicode' then first_name else replace(strip_accents(first_name), 'ø', 'o') end
        || ['.', '_', '.x.'][slot] || strip_accents(last_name) || (100 + person_id * 7)::varchar || '@'
        || case
            when email_habit = 'dots' then 'gmail.com'
            when slot = 3 then 'work.example.com'
            else ['gmail.com', 'gmail.com', 'gmail.com', 'example.com', 'example.net', 'mail.example.de', 'post.example.fr', 'example.org'][
                1 + draw_int('domain', person_id * 8 + slot, 8)
            ]
        end
    ) as email
from counted
cross join range(1, 4) as slots(slot)
where slot <= address_count;

-- Shopify knows a person under one account, some under two; the second belongs to the second address.
create temp table shopify_accounts as
select
    person_id,
    slot,
    6800000000000 + person_id * 4096 + slot * 97 as customer_id,
    -- an account whose owner changed the address: orders before this day carry the first one
    case
        when slot = 1 and draw('changes email', person_id) < 0.5
            then acquired_on + 30 + draw_int('change day', person_id, 300)::int
    end as email_changed_on
from people
inner join addresses using (person_id)
where
    platforms <> 'woocommerce'
    and has_account
    and (is_buyer or draw('registers', person_id) < 0.4)
    and (slot = 1 or (slot = 2 and draw('second account', person_id) < 0.3));

-- A second account, or a changed address, never both.
create temp table account_emails as
select
    account.person_id,
    account.slot,
    account.customer_id,
    addresses.email as email_before,
    case when twin.customer_id is null and account.slot = 1 then later.email end as email_after,
    case when twin.customer_id is null and account.slot = 1 and later.email is not null then account.email_changed_on end as changed_on
from shopify_accounts as account
inner join addresses on account.person_id = addresses.person_id and account.slot = addresses.slot
left join addresses as later on account.person_id = later.person_id and later.slot = 2
left join shopify_accounts as twin on account.person_id = twin.person_id and twin.slot = 2;

-- The outlet: a registered customer or a guest (0), under the first or the second address.
create temp table woocommerce_accounts as
select
    person_id,
    case when draw('outlet account', person_id) < 0.7 then 40 + person_id * 3 else 0 end as customer_id,
    email,
    slot
from people
inner join addresses using (person_id)
where
    platforms <> 'shopify'
    and is_buyer
    and slot = case
        when draw('outlet address', person_id) < 0.7 then 1
        else least(2, (select count(*) from addresses as own where own.person_id = people.person_id))
    end;

create temp table cookies as
with
    devices as (
        select
            people.person_id,
            people.person_id * 8 + number as cookie_id,
            number as cookie_number,
            is_transitive or draw('logs in', people.person_id * 8 + number) < 0.7 as logs_in
        from people
        cross join range(1, 5) as device(number)
        where number <= case
            when draw('cookies', people.person_id) < 0.45 then 1
            when draw('cookies', people.person_id) < 0.75 then 2
            when draw('cookies', people.person_id) < 0.92 then 3
            else 4
        end
    )
select
    devices.person_id,
    cookie_id,
    cookie_number,
    draw_uuid('cookie', cookie_id) as cookie,
    ['Chrome', 'Safari', 'Mobile Safari', 'Firefox', 'Edge'][1 + draw_int('browser', cookie_id, 5)] as browser,
    -- two accounts of one person keep to their own devices
    case when logs_in then coalesce(second.customer_id, first.customer_id) end as login_id
from devices
left join shopify_accounts as first on devices.person_id = first.person_id and first.slot = 1
left join shopify_accounts as second on devices.person_id = second.person_id and second.slot = 2 and cookie_number = 2;
