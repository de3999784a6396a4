{#-
    Tracked events as the models read them. `newest` holds the newest version of each record that
    PostHog landed, or of some.
-#}
{% macro posthog_events(newest) -%}
    with

        kept as ({{ without_forgotten(newest, forgotten_posthog_event()) }}),

        renamed as (
            select
                id as event_id,
                trim(distinct_id) as distinct_id,
                trim({{ json_text("properties", "$anon_distinct_id") }}) as anonymous_distinct_id,
                {{ json_text("properties", "$user_id") }} as user_id,
                trim({{ json_text("properties", "$device_id") }}) as device_id,
                {{ json_text("properties", "$session_id") }} as session_id,
                {{ json_text("properties", "product_id") }} as product_id,
                {{ json_text("properties", "order_id") }} as order_id,
                event as event_name,
                {{ json_text("properties", "$current_url") }} as url,
                {{ json_text("properties", "$pathname") }} as url_path,
                {{ json_text("properties", "$referring_domain") }} as referring_domain,
                {{ json_text("properties", "utm_source") }} as utm_source,
                {{ json_text("properties", "utm_medium") }} as utm_medium,
                {{ json_text("properties", "utm_campaign") }} as utm_campaign,
                {{ json_text("properties", "gclid") }} as gclid,
                {{ json_text("properties", "fbclid") }} as fbclid,
                {{ json_text("properties", "$geoip_country_code") }} as country_code,
                {{ json_text("properties", "sku") }} as sku,
                upper({{ json_text("properties", "currency") }}) as currency,
                {{ json_number("properties", "value", "posthog.events properties") }}
                as event_value,
                {{ utc("timestamp") }} as occurred_at,
                {{ utc("_airbyte_extracted_at") }} as loaded_at
            from kept
        )
    select *
    from renamed
{%- endmacro %}
