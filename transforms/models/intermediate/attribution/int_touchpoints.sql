-- grain: one row per session and path that it is part of: those before each conversion of the
-- person, and that of the sessions which led to none
{{ config(materialized="table") }}
with

    sessions as (
        select *
        from {{ ref("mrt__marketing__web_sessions") }}
        where consent = 'Yes' and resolved_user_id is not null and not is_bot and not is_internal
    ),

    conversions as (select * from {{ ref("int_conversions") }}),

    -- by the moment: what the visitor did after the conversion did not bring it
    before_conversion as (
        select
            conversions.conversion_id as path_key,
            conversions.conversion_id,
            conversions.converted_at,
            sessions.*
        from conversions
        inner join
            sessions
            on sessions.resolved_user_id = conversions.master_customer_id
            and sessions.session_start_at <= conversions.converted_at
            and sessions.session_start_at
            > conversions.converted_at - interval {{ var("attribution_window_days") }} day
            {%- if var("attribution_restarts_after_conversion") %}
                and sessions.session_start_at
                > coalesce(conversions.previous_converted_at, timestamp '-infinity')
            {%- endif %}
    ),

    without_conversion as (
        select
            'none:' || sessions.resolved_user_id as path_key,
            cast(null as varchar) as conversion_id,
            cast(null as timestamp) as converted_at,
            sessions.*
        from sessions
        anti join before_conversion on before_conversion.session_key = sessions.session_key
    ),

    unioned as (
        select *
        from before_conversion
        union all
        select *
        from without_conversion
    ),

    -- a touch is a run of sessions that came the same way
    marked as (
        select
            *,
            row_number() over by_time as session_no,
            coalesce(
                session_channel is distinct from lag(session_channel) over by_time
                or session_source is distinct from lag(session_source) over by_time
                or session_medium is distinct from lag(session_medium) over by_time
                or session_campaign is distinct from lag(session_campaign) over by_time,
                true
            ) as is_new_touch
        from unioned
        window
            by_time as (
                partition by path_key order by session_start_at, user_pseudo_id, session_key
            )
    )

select
    path_key,
    conversion_id,
    session_key,
    resolved_user_id,
    session_source,
    session_medium,
    session_campaign,
    session_channel as channel,
    session_no,
    cast(
        sum(cast(is_new_touch or session_no = 1 as integer)) over (
            partition by path_key order by session_no rows unbounded preceding
        ) as bigint
    ) as touch_no,
    session_date,
    session_start_at,
    converted_at
from marked
