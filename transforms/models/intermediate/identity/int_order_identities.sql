-- grain: one row per order of either shop, with the identifier that says who ordered
with

    shopify_orders as (select * from {{ ref("stg_shopify__orders") }}),

    woocommerce_orders as (select * from {{ ref("stg_woocommerce__orders") }}),

    degrees as (select * from {{ ref("int_identity_node_degree") }}),

    orders as (
        select
            'shopify' as source_system,
            order_id,
            'shopify_customer:' || customer_id as customer_key,
            'email:' || email as email_key,
            'posthog_distinct_id:' || posthog_distinct_id as device_key,
            created_at as ordered_at
        from shopify_orders
        union all
        select
            'woocommerce',
            order_id,
            'woo_customer:' || customer_id,
            'email:' || email,
            'posthog_distinct_id:' || posthog_distinct_id,
            created_at
        from woocommerce_orders
    ),

    -- the customer account, else the address, else the cookie, else the order stands for itself
    final as (
        select
            {{ order_key("orders.source_system", "orders.order_id") }} as order_key,
            orders.source_system,
            orders.order_id,
            coalesce(
                customers.identifier_key,
                emails.identifier_key,
                devices.identifier_key,
                orders.source_system || '_order:' || orders.order_id
            ) as identifier_key,
            customers.identifier_key is null
            and emails.identifier_key is null
            and devices.identifier_key is null as is_unidentified,
            orders.ordered_at
        from orders
        left join
            degrees as customers
            on customers.identifier_key = orders.customer_key
            and customers.quarantine_reason is null
        left join
            degrees as emails
            on emails.identifier_key = orders.email_key
            and emails.quarantine_reason is null
        left join
            degrees as devices
            on devices.identifier_key = orders.device_key
            and devices.quarantine_reason is null
    )

select *
from final
