-- grain: one row per customer account of the outlet
with

    source as (select * from {{ raw("woocommerce", "customers") }}),

    newest as ({{ deduplicate("source", "id") }}),

    kept as ({{ without_forgotten("newest", forgotten_woocommerce_customer()) }}),

    renamed as (
        select
            cast(id as varchar) as customer_id,
            {{ normalize_email("email") }} as email,
            first_name,
            last_name,
            nullif(trim(billing ->> 'company'), '') as company_name,
            lower(role) as account_role,
            upper(billing ->> 'country') as country_code,
            {{ utc("date_created_gmt") }} as created_at,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from kept
    )

select *
from renamed
