{#-
    Where the sources name people, and what is left of their rows once they are forgotten. Staging
    and the erasure of raw rows both read this page. An order stays for the books, and names nobody.
-#}
{% macro forgotten_shopify_order() -%}
    {{-
        is_forgotten(
            [
                ("shopify_customer", "customer ->> 'id'"),
                ("email", "email"),
                ("email", "contact_email"),
                ("email", "customer ->> 'email'"),
                (
                    "posthog_distinct_id",
                    noted_value("note_attributes", "name", "ph_distinct_id"),
                ),
            ]
        )
    -}}
{%- endmacro %}

{% macro anonymous_shopify_order() -%}
    {{-
        return(
            {
                "email": "null",
                "customer": "null",
                "note_attributes": "'[]'",
                "landing_site": campaign_of_link("landing_site"),
            }
        )
    -}}
{%- endmacro %}

{% macro forgotten_woocommerce_order() -%}
    {{-
        is_forgotten(
            [
                ("woo_customer", "nullif(cast(customer_id as varchar), '0')"),
                ("email", "billing ->> 'email'"),
                ("posthog_distinct_id", noted_value("meta_data", "key", "_ph_distinct_id")),
            ]
        )
    -}}
{%- endmacro %}

{% macro anonymous_woocommerce_order() -%}
    {{-
        return(
            {
                "customer_id": "0",
                "billing": "json_object('country', billing ->> 'country')",
                "meta_data": "'[]'",
            }
        )
    -}}
{%- endmacro %}

{% macro forgotten_shopify_customer() -%}
    {{- is_forgotten([("shopify_customer", "cast(id as varchar)"), ("email", "email")]) -}}
{%- endmacro %}

{% macro forgotten_woocommerce_customer() -%}
    {{-
        is_forgotten(
            [
                ("woo_customer", "cast(id as varchar)"),
                ("email", "email"),
                ("email", "billing ->> 'email'"),
            ]
        )
    -}}
{%- endmacro %}

{% macro forgotten_crm_contact() -%}
    {{-
        is_forgotten(
            [
                ("crm_contact", "cast(id as varchar)"),
                ("email", "property_email"),
                ("shopify_customer", "external_id"),
            ]
        )
    -}}
{%- endmacro %}

{% macro forgotten_deal_contact() -%}
    {{- is_forgotten([("crm_contact", "cast(contact_id as varchar)")]) -}}
{%- endmacro %}

{% macro forgotten_form_submission() -%}
    {{- is_forgotten([("email", "email"), ("ga4_user_pseudo_id", "user_pseudo_id")]) -}}
{%- endmacro %}

{% macro forgotten_posthog_event() -%}
    {{-
        is_forgotten(
            [
                ("posthog_distinct_id", "distinct_id"),
                ("posthog_distinct_id", json_text("properties", "$anon_distinct_id")),
                ("posthog_distinct_id", json_text("properties", "$device_id")),
                ("posthog_distinct_id", json_text("properties", "$user_id")),
                ("email", "distinct_id"),
            ]
        )
    -}}
{%- endmacro %}

{% macro forgotten_ga4_event() -%}
    {{-
        is_forgotten(
            [
                ("ga4_user_pseudo_id", "user_pseudo_id"),
                ("shopify_customer", "user_id"),
                ("email", "user_id"),
            ]
        )
    -}}
{%- endmacro %}

{% macro forgotten_measure_js_event() -%}
    {{-
        is_forgotten(
            [
                ("measure_js_client_id", "client_id"),
                ("measure_js_user_id", "user_id"),
                ("shopify_customer", "user_id"),
            ]
        )
    -}}
{%- endmacro %}

{#- A person is forgotten with any of its distinct ids; `relation` has the rows. -#}
{% macro forgotten_posthog_person(relation) -%}
    id in (
        select id
        from
            (
                select
                    id,
                    properties ->> 'email' as email_,
                    unnest([null] || coalesce(cast(distinct_ids as varchar[]), [])) as distinct_id_
                from {{ relation }}
            )
        where
            {{
                is_forgotten(
                    [
                        ("posthog_person", "id"),
                        ("email", "email_"),
                        ("posthog_distinct_id", "distinct_id_"),
                        ("email", "distinct_id_"),
                    ]
                )
            }}
    )
{%- endmacro %}

{#- A call of RudderStack's SDK; `further` are identifiers that only some calls carry. -#}
{% macro forgotten_rudderstack_call(further=[]) -%}
    {{-
        is_forgotten(
            [
                ("rudderstack_anonymous_id", "anonymous_id"),
                ("rudderstack_user_id", "user_id"),
                ("shopify_customer", "user_id"),
                ("email", "user_id"),
            ]
            + further
        )
    -}}
{%- endmacro %}

{#- The value beside one name in a list of notes, as both shops keep them. -#}
{% macro noted_value(column, name_key, name) -%}
    list_filter(
        cast({{ column }} as json[]), lambda entry:entry ->> '{{ name_key }}' = '{{ name }}'
    )[1]
    ->> 'value'
{%- endmacro %}

{#- A link without parameters but those that name a campaign: click ids lead to a person. -#}
{% macro campaign_of_link(link) -%}
    rtrim(
        split_part({{ link }}, '?', 1)
        || '?'
        || array_to_string(
            list_filter(
                string_split(split_part({{ link }}, '?', 2), '&'),
                lambda part:regexp_matches(part, '^utm_(source|medium|campaign)=')
            ),
            '&'
        ),
        '?'
    )
{%- endmacro %}
