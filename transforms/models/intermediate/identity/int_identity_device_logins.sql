-- grain: one row per stretch of time in which a device showed one account or address
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "device_key", "row_key": "login_key"},
        on_schema_change="fail",
    )
}}
{%- set types = identifier_types() %}
{#- model, evidence, device, account, time, and what must hold for the row to be evidence -#}
{%- set pairs = [
    ("stg_shopify__orders", "checkout", "cookie=posthog_distinct_id", "email=email"),
    (
        "stg_shopify__orders",
        "checkout",
        "cookie=posthog_distinct_id",
        "shopify=customer_id",
    ),
    ("stg_woocommerce__orders", "checkout", "cookie=posthog_distinct_id", "email=email"),
    (
        "stg_woocommerce__orders",
        "checkout",
        "cookie=posthog_distinct_id",
        "woo=customer_id",
    ),
    ("int_events_unioned", "login", "cookie=device_id", "cookie=distinct_id"),
    (
        "int_events_unioned",
        "login",
        "cookie=anonymous_distinct_id",
        "cookie=distinct_id",
    ),
    ("base__form_submissions", "form", "ga4=user_pseudo_id", "email=email"),
    ("base__ga4__events", "login", "ga4=user_pseudo_id", "ga4_user=user_id"),
    ("events_sessionated", "login", "measure_js=client_id", "measure_js_user=user_id"),
    ("int_rudderstack_tracks", "login", "app=anonymous_id", "app_user=user_id"),
    ("stg_rudderstack__identifies", "identify", "app=anonymous_id", "app_user=user_id"),
    ("stg_rudderstack__aliases", "alias", "app=anonymous_id", "app_user=user_id"),
] %}
{%- set times = {
    "int_events_unioned": "occurred_at",
    "base__form_submissions": "submitted_at",
    "base__ga4__events": "event_timestamp",
    "events_sessionated": "timestamp",
    "int_rudderstack_tracks": "occurred_at",
    "stg_rudderstack__identifies": "occurred_at",
    "stg_rudderstack__aliases": "occurred_at",
} %}
{%- set conditions = {
    "int_events_unioned": "stream = 'posthog'",
    "base__form_submissions": "has_marketing_consent",
    "base__ga4__events": "consent__analytics_storage = 'Yes'",
} %}
with

    {% if is_incremental() %}
        -- by the id as it is written: to trim every event's would take longer than all the rest
        written as materialized(
            {% for model, edge_type, device, account in pairs %}
                {%- set device_type, device_id = device.split("=") %}
                {%- set account_type, account_id = account.split("=") %}
                select
                    '{{ device_type }}' as device_type,
                    {{ device_id }} as device_id,
                    '{{ types[device_type] }}:' || nullif(trim({{ device_id }}), '') as device_key,
                    sum(
                        {{
                            row_hash(
                                source_of_model(model) ~ edge_type ~ account_type,
                                account_id,
                                times.get(model, "created_at"),
                            )
                        }}
                    ) as evidence_hash
                from {{ ref(model) }}
                where
                    {{ device_id }} != '' and {{ account_id }} != ''
                    {% if device_type == account_type -%}
                        and {{ device_id }} != {{ account_id }}
                    {%- endif %}
                    and {{ conditions.get(model, "true") }}
                group by 2 {{ "union all" if not loop.last }}
            {% endfor %}
        ),

        evidence as (
            select device_key, sum(evidence_hash) as evidence_hash
            from written
            where device_key is not null
            group by device_key
        ),

        known as (
            select device_key, sum(evidence_hash) as evidence_hash
            from {{ this }}
            group by device_key
        ),

        touched as (
            select device_key
            from evidence
            full join known using (device_key)
            where evidence.evidence_hash is distinct from known.evidence_hash
        ),

        touched_devices as (
            select distinct device_type, device_id from written semi join touched using (device_key)
        ),
    {% endif %}

    seen as {% if is_incremental() %}
        materialized
    {% endif %}(
        {% for model, edge_type, device, account in pairs %}
            {%- set device_type, device_id = device.split("=") %}
            {%- set account_type, account_id = account.split("=") %}
            select
                '{{ source_of_model(model) }}' as source_system,
                '{{ edge_type }}' as edge_type,
                '{{ types[device_type] }}:' || nullif(trim({{ device_id }}), '') as device_key,
                '{{ types[account_type] }}:' || nullif(trim({{ account_id }}), '') as account_key,
                {{
                    row_hash(
                        source_of_model(model) ~ edge_type ~ account_type,
                        account_id,
                        times.get(model, "created_at"),
                    )
                }} as evidence_hash,
                {{ times.get(model, "created_at") }} as seen_at
            from {{ ref(model) }}
            where
                {{ device_id }} != ''
                and {{ account_id }} != ''
                and {{ conditions.get(model, "true") }}
                {% if is_incremental() -%}
                    and {{ device_id }} in (
                        select device_id
                        from touched_devices
                        where device_type = '{{ device_type }}'
                    )
                {%- endif %}
                {{ "union all" if not loop.last }}
        {% endfor %}
    ),

    -- rows that differ in nothing are one sight, or the order of the sights would be left to chance
    sights as (
        select
            source_system,
            edge_type,
            device_key,
            account_key,
            seen_at,
            count(*) as observation_count,
            sum(evidence_hash) as evidence_hash
        from seen
        where device_key != account_key
        group by source_system, edge_type, device_key, account_key, seen_at
    ),

    -- a new stretch begins where the device shows another account than before
    marked as (
        select
            *,
            account_key is distinct from lag(account_key) over by_time
            or edge_type is distinct from lag(edge_type) over by_time as is_new_stretch
        from sights
        window
            by_time as (
                partition by device_key order by seen_at, account_key, edge_type, source_system
            )
    ),

    numbered as (
        select
            *,
            count(*) filter (is_new_stretch) over (
                partition by device_key
                order by seen_at, account_key, edge_type, source_system
                rows unbounded preceding
            ) as stretch_number
        from marked
    ),

    final as (
        select
            {{ generate_surrogate_key(["device_key", "stretch_number"]) }} as login_key,
            device_key,
            account_key,
            edge_type,
            min(source_system) as source_system,
            stretch_number,
            cast(sum(observation_count) as bigint) as observation_count,
            cast(sum(evidence_hash) as hugeint) as evidence_hash,
            min(seen_at) as first_seen_at,
            max(seen_at) as last_seen_at
        from numbered
        group by device_key, account_key, edge_type, stretch_number
    )

select *
from final
{% if is_incremental() %}
    union all by name
    select device_key
    from touched
    anti join final using (device_key)
{% endif %}
