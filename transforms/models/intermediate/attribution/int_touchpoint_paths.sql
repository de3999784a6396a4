-- grain: one row per conversion with a touch, and per person with sessions that led to none
{{ config(materialized="table") }}
with

    touchpoints as (select * from {{ ref("int_touchpoints") }}),

    marked as (
        select
            *,
            channel is distinct from lag(channel) over (
                partition by path_key order by session_no
            ) as is_new_channel
        from touchpoints
    )

select
    path_key,
    conversion_id,
    resolved_user_id,
    conversion_id is not null as is_converting,
    list(channel order by session_no) as channel_path,
    -- the channel again without another between them is one exposure
    list(channel order by session_no) filter (is_new_channel) as exposure_path,
    count(*) as session_count,
    max(touch_no) as touch_count,
    min(session_start_at) as first_touch_at,
    max(session_start_at) as last_touch_at
from marked
group by path_key, conversion_id, resolved_user_id
