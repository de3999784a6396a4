-- grain: one row per GA4 session, on the day in which it began
{{ fed_by(["ga4"]) }}
{{
    config(
        materialized="incremental",
        unique_key="session_key",
        incremental_strategy="replace_rows",
        meta={"never_null": "user_pseudo_id"},
        on_schema_change="fail",
    )
}}
with

    sessions as (select * from {{ ref("int_web_sessions") }}),

    identity_map as (select * from {{ ref("int_customer_identity_map") }} where not is_quarantined),

    channels as ({{ visit_channels("sessions") }}),

    -- without consent an id is no evidence: neither of a person nor of an earlier visit
    joined as (
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

    {% if is_incremental() %}
        -- all but what is reckoned over the sessions of a visitor, as this table names it
        standing as (
            select
                *,
                master_customer_id as resolved_user_id,
                coalesce(source, referring_site) as session_source,
                {{ session_medium("joined") }} as session_medium,
                campaign as session_campaign,
                channel as session_channel,
                hostname as site,
                divide(engagement_time_msec, 1000) as engaged_seconds
            from joined
        ),

        touched as (
            {{
                touched(
                    "standing",
                    "user_pseudo_id",
                    [
                        "session_key",
                        "resolved_user_id",
                        "session_source",
                        "session_medium",
                        "session_campaign",
                        "session_channel",
                        "site",
                        "landing_page",
                        "device_category",
                        "country",
                        "consent",
                        "event_count",
                        "page_views",
                        "conversions",
                        "engaged_seconds",
                        "is_bot",
                        "is_internal",
                        "session_start_at",
                        "session_end_at",
                        "loaded_at",
                    ],
                )
            }}
        ),

        known as (select * from {{ this }} semi join touched using (user_pseudo_id)),
    {% endif %}

    visits as (
        select *
        from joined
        {% if is_incremental() %} semi join touched using (user_pseudo_id) {% endif %}
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
        from visits
        window by_visitor as (partition by user_pseudo_id order by session_start_at)
    ),

    final as (
        select
            looked_back.session_key,
            looked_back.user_pseudo_id,
            looked_back.master_customer_id as resolved_user_id,
            coalesce(looked_back.source, looked_back.referring_site) as session_source,
            {{ session_medium("looked_back") }} as session_medium,
            looked_back.campaign as session_campaign,
            looked_back.channel as session_channel,
            coalesce(earlier.source, earlier.referring_site) as last_non_direct_source,
            {{ session_medium("earlier") }} as last_non_direct_medium,
            earlier.campaign as last_non_direct_campaign,
            coalesce(earlier.channel, 'direct') as last_non_direct_channel,
            looked_back.hostname as site,
            looked_back.landing_page,
            looked_back.device_category,
            looked_back.country,
            looked_back.consent,
            looked_back.session_number,
            looked_back.event_count,
            looked_back.page_views,
            looked_back.conversions,
            divide(looked_back.engagement_time_msec, 1000) as engaged_seconds,
            -- Google's definition; the flag of the export only tells that a page was in front
            (
                looked_back.engagement_time_msec >= 10000
                or looked_back.page_views >= 2
                or looked_back.conversions > 0
            ) as engaged,
            looked_back.is_bot,
            looked_back.is_internal,
            looked_back.session_date,
            looked_back.session_start_at,
            looked_back.session_end_at,
            looked_back.loaded_at
        from looked_back
        left join visits as earlier on earlier.session_key = looked_back.last_non_direct_key
    )

    {% if is_incremental() %} {{ rows_to_replace("final", "known", "session_key") }}
{% else %} select * from final
{% endif %}
