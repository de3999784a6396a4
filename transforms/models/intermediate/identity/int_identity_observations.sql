-- grain: one row per record of a source that shows an identifier, alone or beside a second one
{{ config(materialized="table") }}
{%- set types = {
    "email": "email",
    "shopify": "shopify_customer",
    "woo": "woo_customer",
    "person": "posthog_person",
    "cookie": "posthog_distinct_id",
} %}
{%- set pairs = [
    ("stg_shopify__customers", "account", "shopify=customer_id", "email=email"),
    ("stg_shopify__orders", "checkout", "shopify=customer_id", "email=email"),
    ("stg_shopify__orders", "checkout", "cookie=posthog_distinct_id", "email=email"),
    (
        "stg_shopify__orders",
        "checkout",
        "cookie=posthog_distinct_id",
        "shopify=customer_id",
    ),
    ("stg_woocommerce__orders", "checkout", "woo=customer_id", "email=email"),
    ("stg_woocommerce__orders", "checkout", "cookie=posthog_distinct_id", "email=email"),
    (
        "stg_woocommerce__orders",
        "checkout",
        "cookie=posthog_distinct_id",
        "woo=customer_id",
    ),
    ("stg_posthog__persons", "person_property", "person=person_id", "email=email"),
    (
        "stg_posthog__person_distinct_ids",
        "person_merge",
        "person=person_id",
        "cookie=distinct_id",
    ),
    (
        "stg_posthog__events",
        "login",
        "cookie=anonymous_distinct_id",
        "cookie=distinct_id",
    ),
    ("stg_posthog__events", "login", "cookie=device_id", "cookie=distinct_id"),
] %}
with

    observed as (
        {% for model, edge_type, first, second in pairs %}
            {%- set type_a, value_a = first.split("=") %}
            {%- set type_b, value_b = second.split("=") %}
            select
                '{{ model.split("__")[0][4:] }}' as source_system,
                '{{ edge_type }}' as edge_type,
                '{{ types[type_a] }}' as type_a,
                nullif(trim({{ value_a }}), '') as value_a,
                '{{ types[type_b] }}' as type_b,
                nullif(trim({{ value_b }}), '') as value_b,
                {{ "occurred_at" if model == "stg_posthog__events" else "created_at" }} as seen_at
            from {{ ref(model) }} {{ "union all" if not loop.last }}
        {% endfor %}
    ),

    final as (
        select
            source_system,
            edge_type,
            type_a || ':' || value_a as identifier_a,
            type_b || ':' || value_b as identifier_b,
            seen_at
        from observed
        where value_a is not null or value_b is not null
    )

select *
from final
