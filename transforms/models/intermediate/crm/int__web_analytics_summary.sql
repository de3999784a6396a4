-- grain: one row per person whom GA4 saw with consent
{{ config(materialized="table") }}
with

    events as (
        select *
        from {{ ref("base__ga4__events") }}
        where
            consent__analytics_storage = 'Yes'
            and coalesce(traffic_type, '') != 'internal'
            and event_name != 'session_start'
    ),

    devices as (
        select *
        from {{ ref("int__identity_device_bridged") }}
        where identifier_type = 'ga4_user_pseudo_id'
    ),

    final as (
        select
            devices.customer_id as master_customer_id,
            count(distinct events.session_key) as total_sessions,
            count(*) filter (where events.event_name = 'page_view') as total_page_views,
            count(distinct {{ reporting_date("events.event_timestamp") }}) as days_active,
            min(events.event_timestamp) as first_seen_at,
            max(events.event_timestamp) as last_seen_at
        from events
        inner join
            devices
            on devices.identifier_value = events.user_pseudo_id
            and (
                not devices.is_shared_device
                or (
                    events.event_timestamp >= devices.valid_from
                    and events.event_timestamp < coalesce(devices.valid_to, timestamp 'infinity')
                )
            )
        group by devices.customer_id
    )

select *
from final
