-- grain: one row per person who bought, or whom an address, an account or the CRM names
{{
    fed_by(
        ["shopify", "woocommerce", "posthog", "crm", "forms", "ga4", "measure_js", "rudderstack"]
    )
}}
{{
    config(
        materialized="incremental",
        unique_key="customer_id",
        incremental_strategy="merge",
        on_schema_change="fail",
        group="identity",
        pre_hook="{{ delete_vanished('customer_id', ref('dim_customers'), \"customer_type != 'visitor'\", 'master_customer_id') }}",
    )
}}
with

    customers as (select * from {{ ref("dim_customers") }} where customer_type != 'visitor'),

    identity_map as (select * from {{ ref("int_customer_identity_map") }}),

    contacts as (select * from {{ ref("base__crm__contacts") }}),

    shop_accounts as (select * from {{ ref("stg_shopify__customers") }}),

    outlet_accounts as (select * from {{ ref("stg_woocommerce__customers") }}),

    forms as (select * from {{ ref("base__form_submissions") }}),

    customer_accounts as (select * from {{ ref("int_customer_accounts") }}),

    companies as (select * from {{ ref("int_accounts") }}),

    deals as (select * from {{ ref("int__deal_aggregates") }}),

    web as (select * from {{ ref("int__web_analytics_summary") }}),

    -- each source is brought to one row per person before the join, or the join would multiply
    crm as (
        select
            identity_map.master_customer_id,
            arg_min(contacts.contact_id, (contacts.created_at, contacts.contact_id)) as contact_id,
            count(*) as crm_contacts,
            {{ newest_told("contacts.email", "contacts.updated_at", "contacts.contact_id") }}
            as email,
            {{ newest_told("contacts.first_name", "contacts.updated_at", "contacts.contact_id") }}
            as first_name,
            {{ newest_told("contacts.last_name", "contacts.updated_at", "contacts.contact_id") }}
            as last_name,
            {{ newest_told("contacts.phone", "contacts.updated_at", "contacts.contact_id") }}
            as phone,
            {{ newest_told("contacts.company_name", "contacts.updated_at", "contacts.contact_id") }}
            as company_name,
            {{ newest_told("contacts.job_title", "contacts.updated_at", "contacts.contact_id") }}
            as job_title,
            -- of several contacts the one that got furthest
            arg_max(
                contacts.lifecycle_stage,
                (
                    coalesce(
                        list_position(
                            ['subscriber', 'lead', 'opportunity', 'customer'],
                            contacts.lifecycle_stage
                        ),
                        0
                    ),
                    contacts.contact_id
                )
            ) as lifecycle_stage,
            max(contacts.updated_at) as updated_at
        from contacts
        inner join
            identity_map on identity_map.identifier_key = 'crm_contact:' || contacts.contact_id
        group by 1
    ),

    shop as (
        select
            identity_map.master_customer_id,
            {{
                newest_told(
                    "shop_accounts.email", "shop_accounts.updated_at", "shop_accounts.customer_id"
                )
            }} as email,
            {{
                newest_told(
                    "shop_accounts.first_name",
                    "shop_accounts.updated_at",
                    "shop_accounts.customer_id",
                )
            }} as first_name,
            {{
                newest_told(
                    "shop_accounts.last_name",
                    "shop_accounts.updated_at",
                    "shop_accounts.customer_id",
                )
            }} as last_name,
            {{
                newest_told(
                    "shop_accounts.phone", "shop_accounts.updated_at", "shop_accounts.customer_id"
                )
            }} as phone,
            arg_max(
                shop_accounts.is_accepting_marketing,
                (shop_accounts.updated_at, shop_accounts.customer_id)
            ) as has_marketing_consent,
            max(shop_accounts.updated_at) as updated_at
        from shop_accounts
        inner join
            identity_map
            on identity_map.identifier_key = 'shopify_customer:' || shop_accounts.customer_id
        group by 1
    ),

    outlet as (
        select
            identity_map.master_customer_id,
            {{
                newest_told(
                    "outlet_accounts.email",
                    "outlet_accounts.created_at",
                    "outlet_accounts.customer_id",
                )
            }} as email,
            {{
                newest_told(
                    "outlet_accounts.first_name",
                    "outlet_accounts.created_at",
                    "outlet_accounts.customer_id",
                )
            }} as first_name,
            {{
                newest_told(
                    "outlet_accounts.last_name",
                    "outlet_accounts.created_at",
                    "outlet_accounts.customer_id",
                )
            }} as last_name,
            {{
                newest_told(
                    "outlet_accounts.company_name",
                    "outlet_accounts.created_at",
                    "outlet_accounts.customer_id",
                )
            }} as company_name,
            max(outlet_accounts.created_at) as updated_at
        from outlet_accounts
        inner join
            identity_map
            on identity_map.identifier_key = 'woo_customer:' || outlet_accounts.customer_id
        group by 1
    ),

    -- agreeing on a form is an answer; leaving the box empty takes nothing back
    form_answers as (
        select
            identity_map.master_customer_id,
            count(*) as form_submissions,
            max(forms.submitted_at) as agreed_at
        from forms
        inner join identity_map on identity_map.identifier_key = 'email:' || forms.email
        where forms.has_marketing_consent
        group by 1
    ),

    final as (
        select
            customers.master_customer_id as customer_id,
            {{ pick_by_priority(["crm.email", "shop.email", "outlet.email", "customers.email"]) }}
            as customer__email,
            {{
                pick_most_recent(
                    [
                        ("shop.first_name", "shop.updated_at"),
                        ("crm.first_name", "crm.updated_at"),
                        ("outlet.first_name", "outlet.updated_at"),
                    ]
                )
            }} as customer__first_name,
            {{
                pick_most_recent(
                    [
                        ("shop.last_name", "shop.updated_at"),
                        ("crm.last_name", "crm.updated_at"),
                        ("outlet.last_name", "outlet.updated_at"),
                    ]
                )
            }} as customer__last_name,
            {{
                pick_most_recent(
                    [("shop.phone", "shop.updated_at"), ("crm.phone", "crm.updated_at")]
                )
            }} as customer__phone,
            {{
                pick_by_priority(
                    ["crm.company_name", "companies.company_name", "outlet.company_name"]
                )
            }} as customer__company_name,
            crm.job_title as customer__job_title,
            crm.lifecycle_stage as customer__lifecycle_stage,
            customers.customer_type as customer__type,
            customers.country_code as customer__country_code,
            customer_accounts.account_domain,
            crm.contact_id as crm_contact_id,
            coalesce(crm.crm_contacts, 0) as crm_contacts,
            customers.identifier_count,
            customers.total_orders,
            {{ money("customers.lifetime_value") }} as shop_net_sales,
            coalesce(deals.deals_won, 0) as deals_won,
            coalesce(deals.deals_lost, 0) as deals_lost,
            coalesce(deals.deals_open, 0) as deals_open,
            {{ money("deals.total_deal_value") }} as total_deal_value,
            {{ money("deals.open_deal_value") }} as open_deal_value,
            {{
                money(
                    "coalesce(customers.lifetime_value, 0) + coalesce(deals.total_deal_value, 0)"
                )
            }} as total_value,
            coalesce(web.total_sessions, 0) as total_sessions,
            coalesce(web.total_page_views, 0) as total_page_views,
            coalesce(web.days_active, 0) as days_active,
            coalesce(form_answers.form_submissions, 0) as form_submissions,
            {{
                pick_most_recent(
                    [
                        ("shop.has_marketing_consent", "shop.updated_at"),
                        (
                            "case when form_answers.agreed_at is not null then true end",
                            "form_answers.agreed_at",
                        ),
                    ]
                )
            }} as has_marketing_consent,
            crm.contact_id is not null as is_in_crm,
            customers.is_identity_quarantined,
            customers.first_seen_date,
            customers.first_order_date,
            customers.last_order_date,
            deals.latest_deal_closed_at,
            web.first_seen_at as web_first_seen_at,
            web.last_seen_at as web_last_seen_at
        from customers
        left join crm using (master_customer_id)
        left join shop using (master_customer_id)
        left join outlet using (master_customer_id)
        left join form_answers using (master_customer_id)
        left join customer_accounts using (master_customer_id)
        left join companies on companies.account_domain = customer_accounts.account_domain
        left join deals using (master_customer_id)
        left join web using (master_customer_id)
    )

    {{ changed_rows("final") }}
