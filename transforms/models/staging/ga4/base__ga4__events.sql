-- grain: one row per GA4 event that belongs to a session
{{
    config(
        materialized="incremental",
        unique_key="event_key",
        incremental_strategy="replace_rows",
        meta={"never_null": "ga_session_id"},
        on_schema_change="append_new_columns",
    )
}}
with

    source as (
        select * replace (trim(user_pseudo_id) as user_pseudo_id) from {{ raw("ga4", "events") }}
    ),

    arrived as ({{ landed_since("source") }}),

    kept as ({{ without_forgotten("arrived", forgotten_ga4_event()) }}),

    in_session as (
        select
            *,
            {{ ga4_param("ga_session_id", "int_value") }} as ga_session_id,
            -- exports of before 2024 have no place in the batch: then the parameters tell apart
            {{
                generate_surrogate_key(
                    [
                        "user_pseudo_id",
                        "event_timestamp",
                        "event_name",
                        "event_bundle_sequence_id",
                        "batch_page_id",
                        "batch_ordering_id",
                        "batch_event_index",
                        "case when batch_event_index is null then list_sort(event_params) end",
                    ]
                )
            }} as event_key
        from kept
        where user_pseudo_id is not null
    ),

    newest as ({{ deduplicate("in_session", "event_key") }}),

    renamed as (
        select
            event_key,
            {{ generate_surrogate_key(["user_pseudo_id", "ga_session_id"]) }} as session_key,
            coalesce(event_bundle_sequence_id || '/' || batch_event_index, event_key) as event_id,
            user_pseudo_id,
            nullif(trim(user_id), '') as user_id,
            event_name,
            {{ ga4_param("page_location") }} as page_location,
            {{ ga4_param("page_referrer") }} as page_referrer,
            {{ ga4_param("form_id") }} as form_id,
            {{ ga4_param("traffic_type") }} as traffic_type,
            {{ ga4_text("collected_traffic_source.manual_source") }} as source,
            {{ ga4_text("collected_traffic_source.manual_medium") }} as medium,
            {{ ga4_text("collected_traffic_source.manual_campaign_name") }} as campaign,
            nullif(collected_traffic_source.gclid, '') as gclid,
            {{ ga4_text("session_traffic_source_last_click.manual_campaign.source") }}
            as session_source,
            {{ ga4_text("session_traffic_source_last_click.manual_campaign.medium") }}
            as session_medium,
            {{ ga4_text("session_traffic_source_last_click.manual_campaign.campaign_name") }}
            as session_campaign,
            nullif(ecommerce.transaction_id, '') as transaction_id,
            device.category as device_category,
            device.web_info.browser as browser,
            device.web_info.hostname as hostname,
            geo.country as country,
            privacy_info.analytics_storage as consent__analytics_storage,
            privacy_info.ads_storage as consent__ads_storage,
            ga_session_id,
            {{ ga4_param("ga_session_number", "int_value") }} as ga_session_number,
            {{ ga4_param("engagement_time_msec", "int_value") }} as engagement_time_msec,
            cast(strptime(event_date, '%Y%m%d') as date) as event_date,
            make_timestamp(event_timestamp) as event_timestamp,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
        -- a newer version without a session takes the event out of the table
        {% if not is_incremental() %} where ga_session_id is not null {% endif %}
    )

select *
from renamed
