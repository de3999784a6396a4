{#-
    Events of Measure.js as they count: the newest version of each, sent once, at the time that
    counts. `relation` holds all landed rows of the clients that it holds.
-#}
{% macro cleaned_events(relation) -%}
    with

        newest as ({{ deduplicate(relation, "event_id") }}),

        kept as ({{ without_forgotten("newest", forgotten_measure_js_event()) }}),

        -- two that differ in nothing but their ids are one event that was sent twice
        sent_once as (
            select *
            from kept
            qualify
                row_number() over (
                    partition by
                        client_id,
                        timestamp,
                        received_at,
                        event_name,
                        url,
                        user_id,
                        referrer,
                        title,
                        location,
                        device,
                        utm,
                        properties
                    order by event_id
                )
                = 1
        ),

        renamed as (
            select
                event_id,
                nullif(trim(client_id), '') as client_id,
                {{ real_id("user_id") }} as user_id,
                {{ json_text("properties", "order_id") }} as order_id,
                event_name,
                {{ url_without_query("url") }} as page_url,
                nullif(trim(referrer), '') as referrer,
                nullif(trim(title), '') as title,
                location.country as country,
                upper(location.country_code) as country_code,
                location.city as city,
                device.type as device_type,
                device.browser as browser,
                device.os as os,
                utm.source as utm_source,
                utm.medium as utm_medium,
                utm.campaign as utm_campaign,
                {{ is_bot_agent(json_text("properties", "user_agent")) }} as says_bot,
                {{ is_staff_address(json_text("properties", "ip")) }} as is_internal,
                {{ utc("timestamp") }} as device_timestamp,
                {{ utc(repaired_time("timestamp", "received_at")) }} as timestamp,
                {{ utc("received_at") }} as received_at,
                {{ utc("_airbyte_extracted_at") }} as loaded_at
            from sent_once
        ),

        timed as (
            select
                * exclude (device_timestamp),
                timestamp is distinct from device_timestamp as is_time_repaired
            from renamed
            where client_id is not null
        ),

        -- who reads faster than people do is a machine, whatever it calls itself
        paced as (
            select
                *,
                says_bot
                or coalesce(
                    timestamp - lag(timestamp, {{ var("bot_events_per_minute") }} - 1) over by_time
                    < interval 1 minute
                    or timestamp - lag(timestamp, {{ var("bot_events_per_hour") }} - 1) over by_time
                    < interval 1 hour,
                    false
                ) as acts_like_bot
            from timed
            window by_time as (partition by client_id order by timestamp, event_id)
        ),

        final as (
            select
                * exclude (says_bot, acts_like_bot),
                {{ reporting_date("timestamp") }} as event_date,
                bool_or(acts_like_bot) over (partition by client_id) as is_bot
            from paced
        )

    select *
    from final
{%- endmacro %}
