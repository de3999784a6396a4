-- grain: one row per event of a visitor
with

    tracks as (select * from {{ ref("int_rudderstack_tracks") }}),

    aliases as (select * from {{ ref("dbt_aliases_mapping") }}),

    resolved as (
        select
            tracks.*, coalesce(by_user.dbt_visitor_id, by_device.dbt_visitor_id) as dbt_visitor_id
        from tracks
        left join aliases as by_user on by_user.alias = tracks.user_id
        left join aliases as by_device on by_device.alias = tracks.anonymous_id
    )

select
    event_id, anonymous_id, dbt_visitor_id, event, is_machine, occurred_at as timestamp, loaded_at
from resolved
where dbt_visitor_id is not null
