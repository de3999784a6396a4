-- grain: one row per session and path that it is part of: those before each conversion of the
-- person, and that of the sessions which led to none
{{
    config(
        materialized="incremental",
        unique_key=["path_key", "session_key"],
        incremental_strategy="replace_touched",
        meta={"entity": "resolved_user_id", "row_key": "session_key"},
        on_schema_change="append_new_columns",
        pre_hook="{{ open_consumed('people') }}",
        post_hook="{{ remember_consumed('people', makings_of_paths()) }}",
    )
}}
with

    {% if is_incremental() %}
        touched as ({{ changed_since_consumed("people", makings_of_paths()) }}),
    {% endif %}

    sessions as (
        select *
        from ({{ sessions_that_touch() }})
        {% if is_incremental() %}
            where hash(resolved_user_id) in (select key_hash from touched)
        {% endif %}
    ),

    conversions as (
        select *
        from {{ ref("int_conversions") }}
        {% if is_incremental() %}
            where hash(master_customer_id) in (select key_hash from touched)
        {% endif %}
    ),

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
{% if is_incremental() %}
    -- of whom no session is left, what there was is gone
    union all by name
    select distinct resolved_user_id
    from {{ this }}
    where hash(resolved_user_id) in (select key_hash from touched)
{% endif %}
