-- grain: one row per pair of identifiers, or lone identifier, that a source shows as one evidence
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_touched",
        meta={"entity": "observation_key", "row_key": "source_system"},
        on_schema_change="fail",
    )
}}
{%- set types = identifier_types() %}
{%- set pairs = [
    ("stg_shopify__customers", "account", "shopify=customer_id", "email=email"),
    ("stg_shopify__orders", "checkout", "shopify=customer_id", "email=email"),
    ("stg_woocommerce__customers", "account", "woo=customer_id", "email=email"),
    ("stg_woocommerce__orders", "checkout", "woo=customer_id", "email=email"),
    ("stg_posthog__persons", "person_property", "person=person_id", "email=email"),
    (
        "stg_posthog__person_distinct_ids",
        "person_merge",
        "person=person_id",
        "cookie=distinct_id",
    ),
    ("stg_crm__contacts", "crm_property", "contact=contact_id", "email=email"),
    (
        "stg_crm__contacts",
        "crm_property",
        "contact=contact_id",
        "shopify=shopify_customer_id",
    ),
    (
        "stg_crm__contacts",
        "crm_merge",
        "contact=contact_id",
        "contact=merged_into_contact_id",
    ),
    (
        "stg_rudderstack__aliases",
        "alias",
        "app_user=previous_id",
        "app_user=user_id",
    ),
    ("stg_rudderstack__identifies", "identify", "app_user=user_id", "email=email"),
] %}
{%- set conditions = {
    "stg_crm__contacts": "is_evidence",
    "stg_rudderstack__aliases": "user_id is not null and previous_id is not null",
    "stg_rudderstack__identifies": "user_id is not null and email is not null",
} %}
{%- set times = {
    "stg_rudderstack__aliases": "occurred_at",
    "stg_rudderstack__identifies": "occurred_at",
} %}
{#- What stands alone is still somebody: a visitor of the shops, an order without an account. -#}
{%- set lone = [
    ("stg_shopify__orders", "cookie=posthog_distinct_id", "created_at"),
    ("stg_woocommerce__orders", "cookie=posthog_distinct_id", "created_at"),
    ("int_events_unioned", "cookie=distinct_id", "occurred_at"),
    ("int_events_unioned", "cookie=anonymous_distinct_id", "occurred_at"),
    ("int_events_unioned", "cookie=device_id", "occurred_at"),
] %}
with

    device_logins as (select * from {{ ref("int_identity_device_logins") }}),

    observed as (
        {% for model, edge_type, first, second in pairs %}
            {%- set type_a, value_a = first.split("=") %}
            {%- set type_b, value_b = second.split("=") %}
            select
                '{{ source_of_model(model) }}' as source_system,
                '{{ edge_type }}' as edge_type,
                '{{ types[type_a] }}:' || nullif(trim({{ value_a }}), '') as identifier_a,
                '{{ types[type_b] }}:' || nullif(trim({{ value_b }}), '') as identifier_b,
                1 as observation_count,
                {{ times.get(model, "created_at") }} as first_seen_at,
                {{ times.get(model, "created_at") }} as last_seen_at
            from {{ ref(model) }}
            where {{ conditions.get(model, "true") }}
            union all
        {% endfor %}
        -- grouped by the id as it is written, so that few are left to be trimmed
        {% for model, identifier, seen_at in lone %}
            {%- set type, value = identifier.split("=") %}
            select
                '{{ source_of_model(model) }}',
                'seen',
                '{{ types[type] }}:' || nullif(trim({{ value }}), ''),
                null,
                count(*),
                min({{ seen_at }}),
                max({{ seen_at }})
            from {{ ref(model) }}
            where {{ value }} is not null
            group by {{ value }}
            union all
        {% endfor %}
        select
            source_system,
            edge_type,
            device_key,
            account_key,
            observation_count,
            first_seen_at,
            last_seen_at
        from device_logins
    ),

    counted as (
        select
            source_system,
            edge_type,
            identifier_a,
            identifier_b,
            cast(sum(observation_count) as bigint) as observation_count,
            min(first_seen_at) as first_seen_at,
            max(last_seen_at) as last_seen_at
        from observed
        group by source_system, edge_type, identifier_a, identifier_b
        -- a condition on the rows would be held against the trimmed id of every event
        having count(identifier_a) + count(identifier_b) > 0
    ),

    hashed as (
        select
            *,
            hash(
                source_system,
                edge_type,
                identifier_a,
                identifier_b,
                observation_count,
                first_seen_at,
                last_seen_at
            ) as evidence_hash
        from counted
    ),

    changed as ({{ unlike_known("hashed", ["evidence_hash"]) }}),

    final as (
        select
            {{
                generate_surrogate_key(
                    ["source_system", "edge_type", "identifier_a", "identifier_b"]
                )
            }} as observation_key, *
        from changed
    )

    {{ unlike_or_gone("final", "hashed", ["evidence_hash"], "observation_key") }}
