{#- Events of the app, cleaned. `newest` holds the newest version of each. -#}
{% macro rudderstack_tracks(newest) -%}
    with kept as ({{ without_forgotten(newest, forgotten_rudderstack_call()) }})

    select
        id as event_id,
        nullif(trim(anonymous_id), '') as anonymous_id,
        nullif(trim(user_id), '') as user_id,
        event,
        context_page_url as url,
        context_page_referrer as referrer,
        context_campaign_source as utm_source,
        context_campaign_medium as utm_medium,
        context_campaign_name as utm_campaign,
        context_user_agent as user_agent,
        {{ is_machine("context_user_agent", "context_ip") }} as is_machine,
        {{ utc(repaired_time("timestamp", "received_at")) }} as occurred_at,
        {{ utc("sent_at") }} as sent_at,
        {{ utc("received_at") }} as received_at,
        {{ utc("_airbyte_extracted_at") }} as loaded_at
    from kept
{%- endmacro %}
