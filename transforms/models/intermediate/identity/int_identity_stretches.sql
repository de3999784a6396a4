-- grain: one row per identifier and stretch of time in which it stood for one person
with

    identity_map as not materialized(select * from {{ ref("int_customer_identity_map") }}),

    logins as (select * from {{ ref("int_identity_device_logins") }}),

    shared as (select * from identity_map where match_rule = 'shared_device'),

    -- who was logged in on a shared device when; a login that names nobody changes nothing
    sightings as (
        select
            shared.identifier_key,
            shared.identifier_type,
            shared.identifier_value,
            shared.source_system,
            people.master_customer_id,
            logins.first_seen_at,
            logins.stretch_number
        from logins
        inner join shared on shared.identifier_key = logins.device_key
        inner join identity_map as people on people.identifier_key = logins.account_key
        where people.match_rule != 'shared_device'
        qualify
            row_number() over (
                partition by shared.identifier_key, logins.first_seen_at
                order by logins.stretch_number desc
            )
            = 1
    ),

    changes as (
        select *
        from sightings
        qualify
            master_customer_id is distinct from lag(master_customer_id) over (
                partition by identifier_key order by first_seen_at
            )
    ),

    spans as (
        select
            identifier_key,
            identifier_type,
            identifier_value,
            source_system,
            master_customer_id,
            true as is_shared_device,
            first_seen_at as valid_from,
            lead(first_seen_at) over (
                partition by identifier_key order by first_seen_at
            ) as valid_to
        from changes
        union all
        select
            identifier_key,
            identifier_type,
            identifier_value,
            source_system,
            master_customer_id,
            false,
            first_seen_at,
            null
        from identity_map
        where match_rule not in ('shared_device', 'shared_email')
    ),

    final as (
        select {{ generate_surrogate_key(["identifier_key", "valid_from"]) }} as stretch_key, *
        from spans
    )

select *
from final
