-- grain: one row per Shopify customer account
with

    source as (select * from {{ raw("shopify", "customers") }}),

    newest as ({{ deduplicate("source", "id") }}),

    kept as ({{ without_forgotten("newest", forgotten_shopify_customer()) }}),

    renamed as (
        select
            cast(id as varchar) as customer_id,
            {{ normalize_email("email") }} as email,
            first_name,
            last_name,
            phone,
            state as account_state,
            tags,
            upper(default_address ->> 'country_code') as country_code,
            orders_count,
            cast(total_spent as decimal(18, 2)) as total_spent,
            coalesce(verified_email, false) as is_email_verified,
            accepts_marketing as is_accepting_marketing,
            {{ utc("created_at") }} as created_at,
            {{ utc("updated_at") }} as updated_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from kept
    )

select *
from renamed
