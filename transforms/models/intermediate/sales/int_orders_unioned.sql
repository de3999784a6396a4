-- grain: one row per order of either shop, valid or not, in order currency
{{
    config(
        materialized="incremental",
        unique_key="order_key",
        incremental_strategy="replace_rows",
        meta={"never_null": "loaded_at"},
        on_schema_change="append_new_columns",
        pre_hook="{{ open_consumed('statuses') }}",
        post_hook="{{ remember_consumed('statuses', meanings_of_statuses()) }}",
    )
}}
with

    shopify_orders as (select * from {{ ref("stg_shopify__orders") }}),

    woocommerce_orders as (select * from {{ ref("stg_woocommerce__orders") }}),

    statuses as (select * from {{ ref("order_status_map") }}),

    unioned as (
        select
            'shopify' as source_system,
            order_id,
            order_number,
            store,
            coalesce(financial_status, '(none)') as order_status,
            currency,
            country_code,
            landing_site,
            referring_site,
            total_price as order_total_local,
            total_tax as tax_local,
            total_shipping as shipping_local,
            customer_id is null as is_guest,
            is_confirmed and not is_test and cancelled_at is null as is_real,
            created_at as ordered_at,
            updated_at,
            loaded_at
        from shopify_orders
        union all
        select
            'woocommerce',
            order_id,
            order_number,
            'outlet',
            coalesce(status, '(none)'),
            currency,
            country_code,
            null,
            null,
            total_price,
            total_tax,
            total_shipping,
            customer_id is null,
            true,
            created_at,
            updated_at,
            loaded_at
        from woocommerce_orders
    ),

    {% if is_incremental() %}
        changed_statuses as ({{ changed_since_consumed("statuses", meanings_of_statuses()) }}),
    {% endif %}

    final as (
        select
            {{ order_key("unioned.source_system", "unioned.order_id") }} as order_key,
            unioned.source_system,
            unioned.order_id,
            unioned.order_number,
            unioned.store,
            unioned.order_status,
            unioned.currency,
            unioned.country_code,
            unioned.landing_site,
            unioned.referring_site,
            unioned.order_total_local,
            unioned.tax_local,
            unioned.shipping_local,
            unioned.is_guest,
            unioned.is_real and coalesce(statuses.is_valid, false) as is_valid_order,
            coalesce(statuses.is_paid, false) as is_paid,
            {{ reporting_date("unioned.ordered_at") }} as order_date,
            unioned.ordered_at,
            unioned.updated_at,
            unioned.loaded_at
        from unioned
        left join
            statuses
            on statuses.source_system = unioned.source_system
            and statuses.status = unioned.order_status
            {{
                arrived_since(
                    "unioned.loaded_at", "unioned.source_system", column="source_system"
                )
            }}
            {% if is_incremental() %}
                or hash(unioned.source_system, unioned.order_status)
                in (select key_hash from changed_statuses)
            {% endif %}
    )

select *
from final
