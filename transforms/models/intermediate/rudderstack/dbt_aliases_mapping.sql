-- grain: one row per name of a visitor: a device, a user id, a name given up since
{{ config(materialized="table") }}
with recursive

    tracks as (select * from {{ ref("int_rudderstack_tracks") }}),

    identifies as (select * from {{ ref("stg_rudderstack__identifies") }}),

    aliases as (select * from {{ ref("stg_rudderstack__aliases") }}),

    blocklist as (select * from {{ ref("identity_blocklist") }} where identifier_type = 'any'),

    -- who took which name when; only an alias call gives a name up for another
    calls as (
        select previous_id as alias, user_id, true as is_given_up, occurred_at
        from aliases
        union all
        select anonymous_id, user_id, false, occurred_at
        from aliases
        union all
        select anonymous_id, user_id, false, occurred_at
        from identifies
        union all
        select anonymous_id, user_id, false, max(occurred_at)
        from tracks
        group by anonymous_id, user_id
    ),

    written as (
        select alias as name_
        from calls
        union
        select user_id
        from calls
    ),

    names as (
        select written.name_
        from written
        left join blocklist on lower(written.name_) like blocklist.pattern escape '!'
        where written.name_ is not null and blocklist.pattern is null
    ),

    -- the next name of each: what it was given up for, else what the device was last used under
    followed as (
        select calls.alias, calls.user_id as next_name
        from calls
        semi join names as known on known.name_ = calls.alias
        semi join names as named on named.name_ = calls.user_id
        where calls.alias != calls.user_id
        qualify
            row_number() over (
                partition by calls.alias
                order by calls.is_given_up desc, calls.occurred_at desc, calls.user_id
            )
            = 1
    ),

    walked(alias, last_name, path) as (
        select alias, next_name, [alias, next_name]
        from followed
        union all
        select walked.alias, followed.next_name, list_append(walked.path, followed.next_name)
        from walked
        inner join followed on followed.alias = walked.last_name
        where not list_contains(walked.path, followed.next_name)
    ),

    ended as (
        select alias, arg_max(last_name, len(path)) as last_name, arg_max(path, len(path)) as path
        from walked
        group by alias
    ),

    -- names that lead round in a circle are one visitor, known by the smallest of them
    resolved as (
        select
            ended.alias,
            case
                when followed.next_name is null
                then ended.last_name
                else
                    list_min(
                        list_slice(
                            ended.path,
                            list_position(ended.path, followed.next_name),
                            len(ended.path)
                        )
                    )
            end as dbt_visitor_id
        from ended
        left join followed on followed.alias = ended.last_name
    )

select names.name_ as alias, coalesce(resolved.dbt_visitor_id, names.name_) as dbt_visitor_id
from names
left join resolved on resolved.alias = names.name_
