-- grain: one row per GA4 session, of people and of machines
{{
    config(
        materialized="incremental",
        unique_key="session_key",
        incremental_strategy="replace_rows",
        meta={"never_null": "user_pseudo_id"},
        on_schema_change="append_new_columns",
    )
}}
with

    {% if is_incremental() %}
        all_events as (
            select * from {{ ref("base__ga4__events") }} where event_name != 'session_start'
        ),

        -- all there is of the visitor: late events change sessions that are built
        touched as (
            {{
                touched_groups(
                    "all_events",
                    ["session_key", "user_pseudo_id"],
                    {"event_count": "count(*)"},
                )
            }}
        ),

        known as (select * from {{ this }} semi join touched using (user_pseudo_id)),
    {% endif %}

    -- GA4 adds session_start to what the visitor did
    events as (
        select *
        from {{ ref("base__ga4__events") }}
        {% if is_incremental() %} semi join touched using (user_pseudo_id) {% endif %}
        where event_name != 'session_start'
    ),

    -- who reads faster than people do is a machine, whatever it calls itself
    paced as (
        select
            *,
            {{ is_bot_agent("browser") }}
            or coalesce(
                event_timestamp
                - lag(event_timestamp, {{ var("bot_events_per_minute") }} - 1) over by_time
                < interval 1 minute
                or event_timestamp
                - lag(event_timestamp, {{ var("bot_events_per_hour") }} - 1) over by_time
                < interval 1 hour,
                false
            ) as acts_like_bot,
            first_value(event_id) over (partition by session_key order by event_timestamp, event_id)
            = event_id as is_first_event
        from events
        window by_time as (partition by user_pseudo_id order by event_timestamp, event_id)
    ),

    summed as (
        select
            session_key,
            user_pseudo_id,
            min(event_id) filter (is_first_event) as first_event_id,
            min({{ url_without_query("page_location") }}) filter (is_first_event) as landing_page,
            min(hostname) filter (is_first_event) as hostname,
            min(device_category) filter (is_first_event) as device_category,
            min(country) filter (is_first_event) as country,
            min(consent__analytics_storage) filter (is_first_event) as consent,
            -- what Google knows of the session, and until it does what the first page tells
            arg_min(
                {'source':session_source, 'medium':session_medium, 'campaign':session_campaign},
                (event_timestamp, event_id)
            ) filter (coalesce(session_source, session_medium, session_campaign) is not null)
            as restated,
            min(coalesce(source, case when gclid is not null then 'google' end)) filter (
                is_first_event
            ) as first_source,
            min(coalesce(medium, case when gclid is not null then 'cpc' end)) filter (
                is_first_event
            ) as first_medium,
            min(campaign) filter (is_first_event) as first_campaign,
            min({{ site_name("page_referrer") }}) filter (is_first_event) as first_referring_site,
            count(*) as event_count,
            count(*) filter (event_name = 'page_view') as page_views,
            count(*) filter (
                event_name in ('{{ var("ga4_key_events") | join("', '") }}')
            ) as conversions,
            cast(coalesce(sum(engagement_time_msec), 0) as bigint) as engagement_time_msec,
            bool_or(acts_like_bot) as acts_like_bot,
            coalesce(bool_or(traffic_type = 'internal'), false) as is_internal,
            min(event_timestamp) as session_start_at,
            max(event_timestamp) as session_end_at,
            max(loaded_at) as loaded_at
        from paced
        group by session_key, user_pseudo_id
    ),

    named as (
        select
            *,
            lower(
                case when restated is null then first_medium else restated.medium end
            ) as session_medium,
            case
                when restated is null then first_campaign else restated.campaign
            end as session_campaign,
            case
                when restated is null
                then first_referring_site
                when restated.medium in ('organic', 'referral')
                then {{ site_name("restated.source") }}
            end as referring_site
        from summed
    ),

    final as (
        select
            session_key,
            user_pseudo_id,
            first_event_id,
            landing_page,
            hostname,
            device_category,
            country,
            consent,
            lower(
                case
                    when restated is null
                    then first_source
                    when session_medium not in ('organic', 'referral') or session_medium is null
                    then restated.source
                end
            ) as source,
            case
                when session_medium not in ('organic', 'referral') then session_medium
            end as medium,
            session_campaign as campaign,
            referring_site,
            event_count,
            page_views,
            conversions,
            engagement_time_msec,
            bool_or(acts_like_bot) over (partition by user_pseudo_id) as is_bot,
            is_internal,
            {{ reporting_date("session_start_at") }} as session_date,
            session_start_at,
            session_end_at,
            loaded_at
        from named
    )

    {% if is_incremental() %} {{ rows_to_replace("final", "known", "session_key") }}
{% else %} select * from final
{% endif %}
