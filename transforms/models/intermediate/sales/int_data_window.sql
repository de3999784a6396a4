-- grain: one row, the first and the last day that orders, events and ads reach
{{ config(materialized="table") }}
{#- a company without shops, their tracking and ads is as old as what else it has -#}
{%- set others = [
    ("rudderstack", "stg_rudderstack__tracks", "occurred_at"),
    ("ga4", "base__ga4__events", "event_timestamp"),
    ("measure_js", "events_cleaned", "timestamp"),
    ("crm", "base__crm__deals", "created_at"),
    ("forms", "base__form_submissions", "submitted_at"),
] %}
{%- set usual = ["shopify", "woocommerce", "posthog", "meta_ads", "google_ads"] %}
with

    orders as (select order_date as day_with_data from {{ ref("int_orders_unioned") }}),

    -- of moments only the first and the last are brought to days
    events as (
        select {{ reporting_date("unnest([min(occurred_at), max(occurred_at)])") }} as day_with_data
        from {{ ref("int_events_unioned") }}
        where stream = 'posthog'
    ),

    ads as (select date as day_with_data from {{ ref("int_ads_unioned") }}),

    unioned as (
        select *
        from orders
        union all
        select *
        from events
        union all
        select *
        from ads
        {%- for source_name, model, moment in others
            if usual | reject("in", var("sources_off")) | list == [] and has_source(source_name) %}
            union all
            select {{ reporting_date("unnest([min(" ~ moment ~ "), max(" ~ moment ~ ")])") }}
            from {{ ref(model) }}
        {%- endfor %}
    )

select min(day_with_data) as first_date, max(day_with_data) as last_date
from unioned
