-- What a device says about its owner, and which names it then takes back.
create temp table rudder_names as
with
    calls as (
        select cookie_id, 1 as call, guest_at as called_at, guest_id as user_id, null as previous_id
        from app_owners
        where guest_at is not null
        union all
        select
            cookie_id, 2, lead_at, lead_id, case when guest_at is not null then guest_id end
        from app_owners
        where lead_at is not null
        union all
        select
            cookie_id,
            3,
            logged_in_at,
            login_id,
            case when lead_at is not null then lead_id when guest_at is not null then guest_id end
        from app_owners
        where login_id is not null
    )
select
    calls.*,
    cookie_id * 4 + call as call_key,
    anonymous_id,
    case when call > 1 then email end as email,
    case when call > 1 then first_name end as first_name,
    case when call > 1 then last_name end as last_name,
    received_after('rudder call', cookie_id * 4 + call, called_at) as received_at
from calls
inner join app_owners using (cookie_id);

create table landing.raw_data.rudderstack_identifies as
with
    versioned as (
        select *, 0 as version, loaded_after(received_at) as loaded_at
        from rudder_names
        union all
        select *, 1, loaded_after(received_at) + interval 6 hour
        from rudder_names
        where
            draw('identify twice', call_key) < 0.02
            and loaded_after(received_at) + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw rudderstack_identifies', call_key * 2 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    draw_uuid('identify', call_key) as id,
    anonymous_id,
    user_id,
    email,
    first_name,
    last_name,
    called_at at time zone 'UTC' as timestamp,
    called_at at time zone 'UTC' as original_timestamp,
    (received_at - interval 1 second) at time zone 'UTC' as sent_at,
    received_at at time zone 'UTC' as received_at
from versioned
order by loaded_at, call_key, version;

create table landing.raw_data.rudderstack_aliases as
with
    versioned as (
        select *, 0 as version, loaded_after(received_at) as loaded_at
        from rudder_names
        where previous_id is not null
        union all
        select *, 1, loaded_after(received_at) + interval 6 hour
        from rudder_names
        where
            previous_id is not null
            and draw('alias twice', call_key) < 0.02
            and loaded_after(received_at) + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw rudderstack_aliases', call_key * 2 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    draw_uuid('alias', call_key) as id,
    anonymous_id,
    user_id,
    previous_id,
    called_at at time zone 'UTC' as timestamp,
    called_at at time zone 'UTC' as original_timestamp,
    (received_at - interval 1 second) at time zone 'UTC' as sent_at,
    received_at at time zone 'UTC' as received_at
from versioned
order by loaded_at, call_key, version;
