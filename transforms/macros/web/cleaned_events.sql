{#-
    Events of Measure.js as they count: sent once, at the time that counts. `newest` holds the
    newest version of each event; of events that could be copies of one another, all.
-#}
{% macro cleaned_records(newest) -%}
    with

        kept as ({{ without_forgotten(newest, forgotten_measure_js_event()) }}),

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

        final as (
            select
                * exclude (device_timestamp),
                timestamp is distinct from device_timestamp as is_time_repaired,
                {{ reporting_date("timestamp") }} as event_date
            from renamed
            where client_id is not null
        )

    select *
    from final
{%- endmacro %}

{#-
    Marks the clients that are machines: by what one of their events calls itself, and by their
    pace. `events` holds all events of the clients that it holds, by few columns: windows over
    wide rows cost many times as much.
-#}
{% macro with_bots_marked(events) -%}
    with

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
            from {{ events }}
            window by_time as (partition by client_id order by timestamp, event_id)
        )

    select * exclude (acts_like_bot), bool_or(acts_like_bot) over (partition by client_id) as is_bot
    from paced
{%- endmacro %}
