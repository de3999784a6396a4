-- grain: one row per WooCommerce order
{{
    config(
        materialized="incremental",
        unique_key="order_id",
        incremental_strategy="replace_rows",
        meta={"never_null": "loaded_at"},
        on_schema_change="append_new_columns",
    )
}}
with

    landed as (select * from {{ ref("base_woocommerce__orders") }}),

    newest as ({{ newest_arrived("landed", "id") }}),

    source as (
        {{
            with_forgotten_anonymous(
                "newest", forgotten_woocommerce_order(), anonymous_woocommerce_order()
            )
        }}
    ),

    renamed as (
        select
            cast(id as varchar) as order_id,
            nullif(cast(customer_id as varchar), '0') as customer_id,
            number as order_number,
            {{ normalize_email("billing ->> 'email'") }} as email,
            lower(status) as status,
            upper(currency) as currency,
            upper(billing ->> 'country') as country_code,
            payment_method,
            trim({{ noted_value("meta_data", "key", "_ph_distinct_id") }}) as posthog_distinct_id,
            cast(total as decimal(18, 2)) as total_price,
            cast(discount_total as decimal(18, 2)) as total_discounts,
            cast(total_tax as decimal(18, 2)) as total_tax,
            cast(shipping_total as decimal(18, 2)) as total_shipping,
            coalesce(prices_include_tax, false) as is_tax_included,
            {{ utc("date_created_gmt") }} as created_at,
            {{ utc("date_paid_gmt") }} as paid_at,
            {{ utc("date_completed_gmt") }} as completed_at,
            {{ utc("date_modified_gmt") }} as updated_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from source
    )

select *
from renamed
