-- grain: one row per person: customers, contacts without an order, and visitors nobody has named
{{
    fed_by(
        ["shopify", "woocommerce", "posthog", "crm", "forms", "ga4", "measure_js", "rudderstack"]
    )
}}
with

    identity_map as (select * from {{ ref("int_customer_identity_map") }}),

    nodes as (select * from {{ ref("int_identity_nodes") }}),

    orders as (select * from {{ ref("int_customer_orders_aggregated") }}),

    scores as (select * from {{ ref("customer_rfm") }}),

    events as (select * from {{ ref("fct_customer_events") }}),

    accounts as (select * from {{ ref("stg_shopify__customers") }}),

    email_domains as (select * from {{ ref("email_domain_classification") }}),

    identifiers as (
        select
            identity_map.master_customer_id,
            count(*) as identifier_count,
            bool_or(identity_map.is_quarantined) as is_identity_quarantined,
            bool_or(identity_map.is_named) as is_named,
            -- the address seen most, and of those the one seen last
            arg_max(
                identity_map.identifier_value,
                (nodes.observation_count, nodes.last_seen_at, nodes.identifier_value)
            ) filter (where identity_map.identifier_type = 'email') as email,
            min(identity_map.first_seen_at) as first_seen_at
        from identity_map
        left join nodes using (identifier_key)
        group by 1
        having bool_or(identity_map.identifier_type not in {{ further_tool_types() }})
    ),

    behaviour as (
        select
            master_customer_id,
            arg_min(channel, event_sequence_number) as first_touch_channel,
            arg_min(campaign, event_sequence_number) filter (
                where channel is not null
            ) as first_touch_campaign,
            min(occurred_at) as first_event_at,
            max(occurred_at) as last_event_at
        from events
        where master_customer_id is not null
        group by 1
    ),

    consents as (
        select
            identity_map.master_customer_id,
            arg_max(
                accounts.is_accepting_marketing, (accounts.updated_at, accounts.customer_id)
            ) as has_marketing_consent,
            arg_max(
                accounts.country_code, (accounts.updated_at, accounts.customer_id)
            ) as country_code
        from accounts
        inner join
            identity_map
            on identity_map.identifier_key = 'shopify_customer:' || accounts.customer_id
        group by 1
    ),

    final as (
        select
            identifiers.master_customer_id,
            identifiers.email,
            nullif({{ extract_email_domain("identifiers.email") }}, '') as email_domain,
            case
                when orders.total_orders > 0
                then 'customer'
                when identifiers.is_named
                then 'contact'
                else 'visitor'
            end as customer_type,
            coalesce(orders.country_code, consents.country_code) as country_code,
            coalesce(
                behaviour.first_touch_channel, orders.first_order_channel
            ) as first_touch_channel,
            case
                when behaviour.first_touch_channel is not null
                then behaviour.first_touch_campaign
                else orders.first_order_campaign
            end as first_touch_campaign,
            scores.rfm_segment,
            identifiers.identifier_count,
            coalesce(orders.total_orders, 0) as total_orders,
            {{ money("orders.lifetime_value") }} as lifetime_value,
            {{ money("orders.total_refunds") }} as total_refunds,
            cast(
                orders.lifetime_value / orders.total_orders as decimal(18, 2)
            ) as average_order_value,
            {{ money("orders.ltv_60_day") }} as "60_day_LTV",
            {{ money("orders.ltv_60_day") }} as ltv_60_day,
            orders.first_order_date + 60 <= {{ as_of_date() }} as is_ltv_60_day_mature,
            coalesce(orders.total_orders, 0) > 1 as is_repeat_customer,
            email_domains.classification is null as is_corporate_email,
            consents.has_marketing_consent,
            identifiers.is_identity_quarantined,
            {{ reporting_date("least(identifiers.first_seen_at, behaviour.first_event_at)") }}
            as first_seen_date,
            {{ reporting_date("behaviour.last_event_at") }} as last_seen_date,
            orders.first_order_date,
            orders.last_order_date,
            cast(date_trunc('month', orders.first_order_date) as date) as acquisition_cohort_month
        from identifiers
        left join orders using (master_customer_id)
        left join scores using (master_customer_id)
        left join behaviour using (master_customer_id)
        left join consents using (master_customer_id)
        left join
            email_domains on email_domains.domain = {{ extract_email_domain("identifiers.email") }}
    )

select *
from final
