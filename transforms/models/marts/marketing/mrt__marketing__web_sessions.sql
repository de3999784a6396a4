-- grain: one row per GA4 session, on the day in which it began
{{ fed_by(["ga4"]) }}
{{
    config(
        materialized="incremental",
        unique_key="session_key",
        incremental_strategy="replace_partitions",
        meta={"partition_column": "session_date"},
        on_schema_change="fail",
        pre_hook="{{ delete_vanished('(session_key, session_date)', ref('int_web_sessions')) }}",
    )
}}
with

    sessions as (select * from {{ ref("int_web_sessions") }}),

    identity_map as (select * from {{ ref("int_customer_identity_map") }} where not is_quarantined),

    channels as ({{ visit_channels("sessions") }}),

    -- without consent an id is no evidence: neither of a person nor of an earlier visit
    known as (
        select
            sessions.*,
            channels.channel,
            identity_map.master_customer_id,
            sessions.consent = 'Yes' as has_consent
        from sessions
        inner join channels on {{ same_origin("sessions", "channels") }}
        left join
            identity_map
            on identity_map.identifier_key = 'ga4_user_pseudo_id:' || sessions.user_pseudo_id
            and sessions.consent = 'Yes'
    ),

    looked_back as (
        select
            *,
            row_number() over (
                partition by user_pseudo_id order by session_start_at, session_key
            ) as session_number,
            case
                when channel != 'direct'
                then session_key
                when has_consent
                then
                    last_value(
                        case when channel != 'direct' and has_consent then session_key end
                        ignore nulls
                    ) over (
                        by_visitor
                        range
                        between interval {{ var("last_non_direct_days") }} day preceding
                        and current row
                    )
            end as last_non_direct_key
        from known
        window by_visitor as (partition by user_pseudo_id order by session_start_at)
    ),

    final as (
        select
            visits.session_key,
            visits.user_pseudo_id,
            visits.master_customer_id as resolved_user_id,
            coalesce(visits.source, visits.referring_site) as session_source,
            {{ session_medium("visits") }} as session_medium,
            visits.campaign as session_campaign,
            visits.channel as session_channel,
            coalesce(earlier.source, earlier.referring_site) as last_non_direct_source,
            {{ session_medium("earlier") }} as last_non_direct_medium,
            earlier.campaign as last_non_direct_campaign,
            coalesce(earlier.channel, 'direct') as last_non_direct_channel,
            visits.hostname as site,
            visits.landing_page,
            visits.device_category,
            visits.country,
            visits.consent,
            visits.session_number,
            visits.event_count,
            visits.page_views,
            visits.conversions,
            divide(visits.engagement_time_msec, 1000) as engaged_seconds,
            -- Google's definition; the flag of the export only tells that a page was in front
            (
                visits.engagement_time_msec >= 10000
                or visits.page_views >= 2
                or visits.conversions > 0
            ) as engaged,
            visits.is_bot,
            visits.is_internal,
            visits.session_date,
            visits.session_start_at,
            visits.session_end_at,
            visits.loaded_at
        from looked_back as visits
        left join known as earlier on earlier.session_key = visits.last_non_direct_key
    ),

    changed as ({{ changed_rows("final") }})

select final.*
from final
semi join changed on changed.session_date = final.session_date
