-- grain: one row per day and Google ad
with

    source as (select * from {{ raw("google_ads", "ad_group_ad") }}),

    newest as ({{ deduplicate("source", '"segments.date", "ad_group_ad.ad.id"') }}),

    renamed as (
        select
            cast("customer.id" as varchar) as account_id,
            cast("campaign.id" as varchar) as campaign_id,
            cast("ad_group.id" as varchar) as ad_group_id,
            cast("ad_group_ad.ad.id" as varchar) as ad_id,
            "campaign.name" as campaign_name,
            "ad_group.name" as ad_group_name,
            "ad_group_ad.ad.type" as ad_type,
            "ad_group_ad.ad.responsive_search_ad.headlines" ->> '$[0].text' as headline,
            "ad_group_ad.ad.responsive_search_ad.descriptions" ->> '$[0].text' as body_copy,
            "ad_group_ad.ad.image_ad.image_url" as ad_creative_url,
            "ad_group_ad.ad.final_urls" ->> '$[0]' as landing_page_url,
            upper("customer.currency_code") as currency,
            cast("metrics.cost_micros" as bigint) as cost_micros,
            "metrics.impressions" as impressions,
            "metrics.clicks" as clicks,
            cast("metrics.conversions" as decimal(18, 4)) as conversions,
            cast("metrics.conversions_value" as decimal(18, 4)) as conversions_value,
            "segments.date" as report_date,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
