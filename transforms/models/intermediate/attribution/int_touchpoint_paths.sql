-- grain: one row per conversion with a touch, and per person with sessions that led to none
{{ config(materialized="table") }}
with

    touchpoints as (select * from {{ ref("int_touchpoints") }}),

    paths as (
        select
            path_key,
            conversion_id,
            resolved_user_id,
            list(channel order by session_no) as channel_path,
            count(*) as session_count,
            max(touch_no) as touch_count,
            min(session_start_at) as first_touch_at,
            max(session_start_at) as last_touch_at
        from touchpoints
        group by path_key, conversion_id, resolved_user_id
    )

select
    path_key,
    conversion_id,
    resolved_user_id,
    conversion_id is not null as is_converting,
    channel_path,
    -- the channel again without another between them is one exposure
    list_filter(
        channel_path,
        lambda channel,
        place:place = 1 or channel is distinct from channel_path[place - 1]
    ) as exposure_path,
    session_count,
    touch_count,
    first_touch_at,
    last_touch_at
from paths
