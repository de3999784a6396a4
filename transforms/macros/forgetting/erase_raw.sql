{#-
    An on-run-start hook: with MARTLET_ERASE_RAW the rows of forgotten people leave the landing
    zone, and their orders in it name nobody. For a landing zone that nobody else cleans; what a
    connector lands again staging leaves out all the same. Run again, it finds nothing.
-#}
{% macro erase_raw() -%}
    {%- if execute and has_suppression_list() and env_var("MARTLET_ERASE_RAW", "") -%}
        {%- set orders = source("shopify", "orders") -%}
        {%- set refunds = source("shopify", "order_refunds") -%}
        {%- set customers = source("shopify", "customers") -%}
        {%- set events = source("posthog", "events") -%}
        {%- set persons = source("posthog", "persons") -%}
        {%- if has_source("shopify") %}
            -- refunds first: the next statement takes away what tells whose they are
        update {{ refunds }}
        set note = null
        where order_id in (select id from {{ orders }} where {{ forgotten_shopify_order() }})
            ;
            {{ anonymize_rows(orders, forgotten_shopify_order(), raw_shopify_order()) }}
            ;
            delete from {{ customers }}
            where id in (select id from {{ customers }} where {{ forgotten_shopify_customer() }})
            ;
        {% endif %}
        {%- if has_source("woocommerce") %}
            {{
                anonymize_rows(
                    source("woocommerce", "orders"),
                    forgotten_woocommerce_order(),
                    raw_woocommerce_order(),
                )
            }}
            ;
        {% endif %}
        {%- if has_source("posthog") %}
            delete from {{ events }}
            where {{ forgotten_posthog_event() }}
            ;
            -- an event of a shared device stays, without the list of who used it
        update {{ events }}
        set person = null
        where
            id in (
                select id
                from
                    (
                        select
                            id,
                            person -> 'properties' ->> 'email' as email_,
                            unnest(
                                [null]
                                || coalesce(cast(person -> 'distinct_ids' as varchar[]), [])
                            ) as distinct_id_
                        from {{ events }}
                    )
                where
            {{
                is_forgotten(
                    [
                        ("email", "email_"),
                        ("posthog_distinct_id", "distinct_id_"),
                        ("email", "distinct_id_"),
                    ]
                )
            }}
            )
            ;
            delete from {{ persons }}
            where {{ forgotten_posthog_person(persons) }}
            ;
        {% endif %}
        {%- set previous = [
            ("rudderstack_user_id", "previous_id"),
            ("shopify_customer", "previous_id"),
        ] %}
        {{ delete_raw("rudderstack", "tracks", "id", forgotten_rudderstack_call()) }}
        {{
            delete_raw(
                "rudderstack",
                "identifies",
                "id",
                forgotten_rudderstack_call([("email", "email")]),
            )
        }}
        {{ delete_raw("rudderstack", "aliases", "id", forgotten_rudderstack_call(previous)) }}
        {{ delete_raw("woocommerce", "customers", "id", forgotten_woocommerce_customer()) }}
        {{ delete_raw("crm", "contacts", "id", forgotten_crm_contact()) }}
        {{ delete_raw("crm", "deal_contacts", "contact_id", forgotten_deal_contact()) }}
        {{ delete_raw("forms", "submissions", "submission_id", forgotten_form_submission()) }}
        {%- if has_source("ga4") %}
            delete from {{ source("ga4", "events") }}
            where {{ forgotten_ga4_event() }}
            ;
        {% endif %}
        {{ delete_raw("raw", "events", "event_id", forgotten_measure_js_event()) }}
        -- dbt takes back what a hook leaves uncommitted, and expects a transaction to end
        commit
        ;
        begin
    {%- endif -%}
{%- endmacro %}

{#- All versions of the records that the condition finds go, where the company has the source. -#}
{% macro delete_raw(source_name, table, key, condition) -%}
    {%- set relation = source(source_name, table) -%}
    {%- if has_source(source_name) and load_relation(relation) -%}
        delete from {{ relation }}
        where {{ key }} in (select {{ key }} from {{ relation }} where {{ condition }})
        ;
    {%- endif -%}
{%- endmacro %}

{% macro raw_shopify_order() -%}
    {%- set values = {
        "contact_email": "null",
        "phone": "null",
        "browser_ip": "null",
        "cart_token": "null",
        "checkout_token": "null",
        "client_details": "null",
        "billing_address": "json_object('country_code', billing_address ->> 'country_code')",
        "shipping_address": "null",
        "note": "null",
        "tags": "null",
        "line_items": without_key("line_items", "properties"),
        "refunds": without_key("refunds", "note"),
    } -%}
    {%- do values.update(anonymous_shopify_order()) -%}
    {{- return(values) -}}
{%- endmacro %}

{% macro raw_woocommerce_order() -%}
    {%- set values = {
        "order_key": "null",
        "customer_ip_address": "null",
        "customer_user_agent": "null",
        "customer_note": "null",
        "transaction_id": "null",
        "shipping": "null",
        "line_items": without_key("line_items", "meta_data"),
    } -%}
    {%- do values.update(anonymous_woocommerce_order()) -%}
    {{- return(values) -}}
{%- endmacro %}

{#- All versions of the records that the condition finds get new values, where they have them. -#}
{% macro anonymize_rows(relation, condition, values) -%}
    {%- set columns = adapter.get_columns_in_relation(relation) | map(attribute="name") | list -%}
    update {{ relation }}
    set
    {%- for column, value in values.items() if column in columns %}
        {{ column }} = {{ value }}{{ "," if not loop.last }}
    {%- endfor %}
    where id in (select id from {{ relation }} where {{ condition }})
{%- endmacro %}

{#- A list of JSON objects, each without one key. -#}
{% macro without_key(column, key) -%}
    to_json(
        list_transform(
            cast({{ column }} as json[]),
            lambda part:json_merge_patch(part, '{"{{ key }}": null}')
        )
    )
{%- endmacro %}
