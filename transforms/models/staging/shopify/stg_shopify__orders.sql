-- grain: one row per Shopify order
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

    landed as (select * from {{ ref("base_shopify__orders") }}),

    newest as ({{ newest_arrived("landed", "id") }}),

    source as (
        {{
            with_forgotten_anonymous(
                "newest", forgotten_shopify_order(), anonymous_shopify_order()
            )
        }}
    ),

    renamed as (
        select
            cast(id as varchar) as order_id,
            customer ->> 'id' as customer_id,
            name as order_number,
            {{ normalize_email("email") }} as email,
            lower(financial_status) as financial_status,
            lower(fulfillment_status) as fulfillment_status,
            upper(currency) as currency,
            upper(billing_address ->> 'country_code') as country_code,
            landing_site,
            referring_site,
            source_name,
            split_part(shop_url, '.', 1) as store,
            trim(
                {{ noted_value("note_attributes", "name", "ph_distinct_id") }}
            ) as posthog_distinct_id,
            cast(total_price as decimal(18, 2)) as total_price,
            cast(total_discounts as decimal(18, 2)) as total_discounts,
            cast(total_tax as decimal(18, 2)) as total_tax,
            {{
                json_number(
                    "total_shipping_price_set -> 'shop_money'",
                    "amount",
                    "shopify.orders total_shipping_price_set",
                )
            }} as total_shipping,
            coalesce(taxes_included, false) as is_tax_included,
            coalesce(test, false) as is_test,
            coalesce(confirmed, true) as is_confirmed,
            buyer_accepts_marketing as is_accepting_marketing,
            {{ utc("created_at") }} as created_at,
            {{ utc("processed_at") }} as processed_at,
            {{ utc("cancelled_at") }} as cancelled_at,
            {{ utc("updated_at") }} as updated_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from source
    )

select *
from renamed
