-- grain: one row per day, Meta ads account and ad
with

    source as (select * from {{ raw("meta_ads", "ads_insights") }}),

    newest as ({{ deduplicate("source", "date_start, account_id, ad_id") }}),

    renamed as (
        select
            account_id,
            account_name,
            campaign_id,
            campaign_name,
            adset_id,
            adset_name,
            ad_id,
            ad_name,
            objective,
            upper(account_currency) as currency,
            cast(spend as decimal(18, 2)) as spend,
            impressions,
            clicks,
            inline_link_clicks,
            reach,
            {{ sum_of_actions("actions", "purchase") }} as purchases,
            {{ sum_of_actions("action_values", "purchase") }} as purchase_value,
            date_start as report_date,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
