-- What belongs to each person: e-mail addresses, accounts, cookies.
-- One row per address that the person really has, in its clean form.
create temp table addresses as
with
    counted as (
        select
            *,
            case
                when not is_buyer and draw('addresses', person_id) < 0.35
                then 0
                when draw('addresses', person_id) < 0.80
                then 1
                when draw('addresses', person_id) < 0.97
                then 2
                else 3
            end as address_count
        from people
    )
select
    person_id,
    slot,
    lower(
        case
            when email_habit = 'unicode'
            then first_name
            else replace(strip_accents(first_name), 'ø', 'o')
        end
        || ['.', '_', '.x.'][slot]
        || strip_accents(last_name)
        || (100 + person_id * 7)::varchar
        || '@'
        || case
            when email_habit = 'dots'
            then 'gmail.com'
            when slot = 3
            then 'work.example.com'
            else
                [
                    'gmail.com',
                    'gmail.com',
                    'gmail.com',
                    'example.com',
                    'example.net',
                    'mail.example.de',
                    'post.example.fr',
                    'example.org'
                ][1 + draw_int('domain', person_id * 8 + slot, 8)]
        end
    ) as email
from counted
cross join range(1, 4) as slots(slot)
where slot <= address_count;

-- Shopify knows a person under one account, some under two; the second belongs to the second
-- address.
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
    case
        when twin.customer_id is null and account.slot = 1 and later.email is not null
        then account.email_changed_on
    end as changed_on
from shopify_accounts as account
inner join addresses on account.person_id = addresses.person_id and account.slot = addresses.slot
left join addresses as later on account.person_id = later.person_id and later.slot = 2
left join shopify_accounts as twin on account.person_id = twin.person_id and twin.slot = 2;

-- The outlet: a registered customer or a guest (0), under the first or the second address.
create temp table woocommerce_accounts as
select
    person_id,
    case
        when draw('outlet account', person_id) < 0.7 then 40 + person_id * 3 else 0
    end as customer_id,
    email,
    slot
from people
inner join addresses using (person_id)
where
    platforms <> 'shopify'
    and is_buyer
    and slot = case
        when draw('outlet address', person_id) < 0.7
        then 1
        else
            least(2, (select count(*) from addresses as own where own.person_id = people.person_id))
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
        where
            number <= case
                when draw('cookies', people.person_id) < 0.45
                then 1
                when draw('cookies', people.person_id) < 0.75
                then 2
                when draw('cookies', people.person_id) < 0.92
                then 3
                else 4
            end
    )
select
    devices.person_id,
    cookie_id,
    cookie_number,
    draw_uuid('cookie', cookie_id) as cookie,
    ['Chrome', 'Safari', 'Mobile Safari', 'Firefox', 'Edge'][
        1 + draw_int('browser', cookie_id, 5)
    ] as browser,
    -- two accounts of one person keep to their own devices
    case when logs_in then coalesce(second.customer_id, first.customer_id) end as login_id
from devices
left join shopify_accounts as first on devices.person_id = first.person_id and first.slot = 1
left join
    shopify_accounts as second
    on devices.person_id = second.person_id
    and second.slot = 2
    and cookie_number = 2;
