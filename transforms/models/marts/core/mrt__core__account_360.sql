-- grain: one row per company, known by its mail domain
{{ fed_by(["crm", "forms"]) }}
{{ config(group="identity") }}
with

    accounts as (select * from {{ ref("int_accounts") }}),

    customers as (
        select * from {{ ref("mrt__core__customer_360") }} where account_domain is not null
    ),

    deals as (select * from {{ ref("fct_deals") }} where account_domain is not null),

    people as (
        select
            account_domain,
            count(*) as people,
            count(*) filter (where is_in_crm) as crm_people,
            count(*) filter (where total_orders > 0) as shop_customers,
            cast(sum(total_orders) as bigint) as total_orders,
            cast(sum(total_sessions) as bigint) as total_sessions,
            cast(sum(total_page_views) as bigint) as total_page_views,
            {{ money("sum(shop_net_sales)") }} as shop_net_sales,
            arg_max(customer__company_name, (total_value, customer_id)) as company_name_of_people,
            min(first_seen_date) as first_seen_date,
            max(last_order_date) as last_order_date,
            max(web_last_seen_at) as web_last_seen_at
        from customers
        group by account_domain
    ),

    deals_of_account as (
        select
            account_domain,
            count(*) filter (where deal_status = 'won') as deals_won,
            count(*) filter (where deal_status = 'lost') as deals_lost,
            count(*) filter (where deal_status = 'open') as deals_open,
            {{ money("sum(amount) filter (where deal_status = 'won')") }} as total_deal_value,
            {{ money("sum(amount) filter (where deal_status = 'open')") }} as open_deal_value,
            min(created_date) as first_deal_date,
            max(closed_date) filter (where deal_status = 'won') as latest_won_date
        from deals
        group by account_domain
    ),

    final as (
        select
            accounts.account_domain,
            coalesce(accounts.company_name, people.company_name_of_people) as company_name,
            accounts.company_id as crm_company_id,
            case
                when deals_of_account.deals_won > 0
                then 'customer'
                when deals_of_account.deals_open > 0
                then 'opportunity'
                when people.shop_customers > 0
                then 'shop_customer'
                else 'prospect'
            end as account_stage,
            accounts.domain_count,
            coalesce(people.people, 0) as people,
            coalesce(people.crm_people, 0) as crm_people,
            coalesce(people.shop_customers, 0) as shop_customers,
            coalesce(people.total_orders, 0) as total_orders,
            coalesce(people.total_sessions, 0) as total_sessions,
            coalesce(people.total_page_views, 0) as total_page_views,
            coalesce(deals_of_account.deals_won, 0) as deals_won,
            coalesce(deals_of_account.deals_lost, 0) as deals_lost,
            coalesce(deals_of_account.deals_open, 0) as deals_open,
            {{ money("deals_of_account.total_deal_value") }} as total_deal_value,
            {{ money("deals_of_account.open_deal_value") }} as open_deal_value,
            {{ money("people.shop_net_sales") }} as shop_net_sales,
            {{
                money(
                    "coalesce(deals_of_account.total_deal_value, 0) + coalesce(people.shop_net_sales, 0)"
                )
            }}
            as total_value,
            accounts.is_in_crm,
            least(
                {{ reporting_date("accounts.in_crm_since") }}, people.first_seen_date
            ) as first_seen_date,
            deals_of_account.first_deal_date,
            deals_of_account.latest_won_date,
            people.last_order_date,
            {{ reporting_date("people.web_last_seen_at") }} as web_last_seen_date
        from accounts
        left join people using (account_domain)
        left join deals_of_account using (account_domain)
    )

select *
from final
