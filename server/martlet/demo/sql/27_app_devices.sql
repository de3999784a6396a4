-- RudderStack, in the shop's app for phones and tablets: the visits by Safari on a device of one's
-- own. People are a guest or a lead there before they log in; aliases join the names afterwards.
create temp table app_devices as
with
    seen as (
        select
            cookie_id,
            person_id,
            min(started_at) as first_visit_at,
            min(started_at) filter (visit_rank = 2) as second_visit_at
        from
            (
                select
                    *,
                    row_number() over (partition by cookie_id order by started_at, visit_id)
                    as visit_rank
                from visits
                where browser in ('Mobile Safari', 'Safari') and device_id is null
            ) as ranked
        group by cookie_id, person_id
    ),

    named as (
        select
            seen.*,
            cookies.login_id,
            cookie_logins.logged_in_at,
            draw('is lead', cookie_id) < 0.45 as is_lead,
            draw('is lead', cookie_id) < 0.15 as is_guest_first
        from seen
        inner join cookies using (cookie_id, person_id)
        left join cookie_logins using (cookie_id)
    ),

    known as (
        select
            *,
            case
                when is_guest_first
                then first_visit_at + interval 24 second
            end as guest_at,
            case
                when is_guest_first
                then second_visit_at + interval 24 second
                when is_lead
                then first_visit_at + interval 24 second
            end as drawn_lead_at
        from named
    )
select
    * exclude (drawn_lead_at, guest_at, login_id),
    case when guest_at < logged_in_at or logged_in_at is null then guest_at end as guest_at,
    case
        when drawn_lead_at < logged_in_at or logged_in_at is null then drawn_lead_at
    end as lead_at,
    case when logged_in_at is not null then login_id::varchar end as login_id,
    draw_uuid('anonymous', cookie_id) as anonymous_id,
    'guest-' || left(draw_uuid('guest', cookie_id), 8) as guest_id,
    'lead-' || left(draw_uuid('lead', cookie_id), 8) as lead_id
from known;

create temp table app_owners as
select
    app_devices.*,
    -- the name under which all that the device did comes together
    case
        when login_id is not null
        then login_id
        when lead_at is not null
        then lead_id
        when guest_at is not null
        then guest_id
        else anonymous_id
    end as visitor_id,
    -- a lead is known by the address of the account it becomes, else by the first one
    coalesce(account_emails.email_before, own.email) as email,
    first_name,
    last_name
from app_devices
inner join people using (person_id)
left join account_emails on login_id = account_emails.customer_id::varchar
left join
    addresses as own
    on login_id is null
    and app_devices.person_id = own.person_id
    and own.slot = 1;
