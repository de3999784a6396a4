-- Who each order says it is from: device, account and e-mail as the shops saw them.
create temp table order_devices as
select
    orders.order_id,
    orders.person_id,
    cookies.cookie_id,
    cookies.cookie,
    cookies.browser,
    cookies.login_id,
    case
        orders.platform
        when 'shopify'
        then
            sold_by = 'web'
            and not is_free
            and coalesce(invalid_reason not in ('test', 'draft'), true)
            and draw('tracked', order_id) < 0.82
        else is_valid and draw('tracked', order_id) < 0.3
    end as is_tracked
from orders
inner join
    (
        select person_id, max(cookie_number) as cookie_count from cookies group by person_id
    ) as counted using (person_id)
inner join
    cookies
    on orders.person_id = cookies.person_id
    and cookies.cookie_number
    = 1 + floor(pow(draw('device', order_id), 1.7) * cookie_count)::bigint;

create temp table order_contacts as
with
    joined as (
        select
            orders.order_id,
            orders.person_id,
            orders.platform,
            orders.order_date,
            sold_by,
            email_habit,
            draw('email form', orders.order_id) as form_draw,
            draw('no email', orders.order_id) as missing_draw,
            case
                when orders.platform = 'woocommerce'
                then outlet.customer_id
                when sold_by <> 'phone'
                then account.customer_id
            end as customer_id,
            case
                when orders.platform = 'woocommerce'
                then outlet.email
                when account.customer_id is null
                then own.email
                when order_date >= account.changed_on
                then account.email_after
                else account.email_before
            end as email,
            outlet.slot as outlet_slot
        from orders
        inner join people using (person_id)
        inner join order_devices using (order_id)
        left join
            account_emails as account
            on orders.person_id = account.person_id
            and account.slot = case
                when
                    login_id = (
                        select other.customer_id
                        from account_emails as other
                        where other.person_id = orders.person_id and other.slot = 2
                    )
                then 2
                else 1
            end
        left join addresses as own on orders.person_id = own.person_id and own.slot = 1
        left join woocommerce_accounts as outlet on orders.person_id = outlet.person_id
    ),

    varied as (
        select
            *,
            case
                when sold_by = 'phone'
                then 'role'
                when platform = 'woocommerce' and missing_draw < 0.006
                then 'role'
                when sold_by = 'pos'
                then case when missing_draw < 0.5 then 'null' else 'empty' end
                when platform = 'shopify' and missing_draw < 0.012
                then 'empty'
                when form_draw >= 0.6
                then null
                when
                    email_habit in ('plus tag', 'dots')
                    and (platform <> 'shopify' or customer_id is null)
                then null
                else email_habit
            end as email_fault
        from joined
    )
select
    order_id,
    person_id,
    platform,
    case
        when email_fault = 'role' and platform = 'woocommerce' then 0 else customer_id
    end as customer_id,
    outlet_slot,
    email_fault,
    case
        email_fault
        when 'role'
        then
            case
                platform
                when 'shopify'
                then 'orders@kestrelpine.example'
                else 'info@bergsport-partner.example'
            end
        when 'null'
        then null
        when 'empty'
        then ''
        when 'plus tag'
        then replace(email, '@', '+shop@')
        when 'dots'
        then replace(split_part(email, '@', 1), '.', '') || '@' || split_part(email, '@', 2)
        -- the same letters, decomposed
        when 'unicode'
        then
            replace(
                replace(
                    replace(replace(email, 'ë', 'e' || chr(776)), 'é', 'e' || chr(769)),
                    'ö',
                    'o' || chr(776)
                ),
                'ü',
                'u' || chr(776)
            )
        when 'case and blanks'
        then
            case
                when form_draw < 0.2
                then upper(email)
                when form_draw < 0.35
                then ' ' || upper(left(email, 1)) || substr(email, 2)
                when form_draw < 0.5
                then email || '  '
                else chr(9) || upper(left(email, 1)) || substr(email, 2) || ' '
            end
        else email
    end as email_landed,
    lower(trim(nfc_normalize(email_landed), ' ' || chr(9))) as email_seen,
    email_fault is null or email_fault not in ('role', 'null', 'empty') as is_email_usable
from varied;

-- Devices that several people order on. Each use takes one order away from its person's own device.
create temp table shared_uses as
with
    takers as (
        select order_id, person_id, row_number() over (order by order_id) - 1 as taker_number
        from order_devices
        inner join order_contacts using (order_id, person_id)
        inner join people using (person_id)
        where is_tracked and platform = 'shopify' and is_email_usable and not is_transitive
    ),

    seats as (
        select
            device_id,
            draw_int(
                'seat', device_id * 64 + seat, greatest(1, (select count(*) from takers))
            ) as taker_number
        from range(1, 1 + (getvariable('people') * 55) // 1000) as device(device_id)
        cross join range(40) as chair(seat)
        where seat < 2 + floor(38.99 * pow(draw('people on device', device_id), 10))
    ),

    taken as (
        select order_id, person_id, min(device_id) as device_id
        from seats
        inner join takers using (taker_number)
        group by order_id, person_id
    )
select *, draw_uuid('shared cookie', device_id) as cookie
from taken
qualify count(distinct person_id) over (partition by device_id) >= 2;

-- The orders in which the checkout noted the device's cookie.
create temp table noted_cookies as
select
    order_devices.order_id,
    order_devices.person_id,
    order_contacts.platform,
    coalesce(shared_uses.cookie, order_devices.cookie) as cookie,
    shared_uses.device_id
from order_devices
inner join order_contacts using (order_id)
inner join people on order_devices.person_id = people.person_id
left join shared_uses on order_devices.order_id = shared_uses.order_id
where
    is_tracked
    and not is_transitive
    and (
        shared_uses.device_id is not null
        or (
            order_contacts.platform = 'shopify'
            and draw('notes cookie', order_devices.order_id) < 0.65
        )
        or (
            order_contacts.platform = 'woocommerce'
            and outlet_slot = 1
            and draw('notes cookie', order_devices.order_id) < 0.8
        )
    );
