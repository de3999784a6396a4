{#- The kinds of identifiers that people are known by, under the short names of the pairs. -#}
{% macro identifier_types() -%}
    {{-
        return(
            {
                "email": "email",
                "shopify": "shopify_customer",
                "woo": "woo_customer",
                "contact": "crm_contact",
                "person": "posthog_person",
                "cookie": "posthog_distinct_id",
                "ga4": "ga4_user_pseudo_id",
                "ga4_user": "ga4_user_id",
                "measure_js": "measure_js_client_id",
                "measure_js_user": "measure_js_user_id",
                "app": "rudderstack_anonymous_id",
                "app_user": "rudderstack_user_id",
            }
        )
    -}}
{%- endmacro %}

{#- Kinds that name a person by themselves; the others are devices, or names that tools gave. -#}
{% macro naming_types() -%}
    ('email', 'shopify_customer', 'woo_customer', 'crm_contact')
{%- endmacro %}

{#- Kinds that always stand for a device. A PostHog distinct id may be one. -#}
{% macro device_types() -%}
    ('ga4_user_pseudo_id', 'measure_js_client_id', 'rudderstack_anonymous_id')
{%- endmacro %}

{#-
    Kinds that by themselves make nobody a person of the marts: the devices and guests of tools that
    see the same visits as PostHog.
-#}
{% macro further_tool_types() -%}
    (
        'ga4_user_pseudo_id',
        'measure_js_client_id',
        'rudderstack_anonymous_id',
        'rudderstack_user_id'
    )
{%- endmacro %}

{#- Names under which a tool knows a login of the shop: the value is the Shopify customer id. -#}
{% macro login_types() -%}
    ('posthog_distinct_id', 'ga4_user_id', 'measure_js_user_id', 'rudderstack_user_id')
{%- endmacro %}

{#- The system whose records a staging model holds. -#}
{% macro source_of_model(model) -%}
    {%- set known = {
        "int_events_unioned": "posthog",
        "base__form_submissions": "forms",
        "base__ga4__events": "ga4",
        "events_sessionated": "measure_js",
        "int_rudderstack_tracks": "rudderstack",
    } -%}
    {{- return(known.get(model, model.split("__")[0].replace("stg_", ""))) -}}
{%- endmacro %}
