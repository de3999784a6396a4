-- grain: one row per day, hour, Google Ads campaign and ad network
with

    source as (select * from {{ raw("google_ads", "campaign") }}),

    newest as (
        {{
            deduplicate(
                "source",
                '"campaign.id", "segments.date", "segments.hour", "segments.ad_network_type"',
            )
        }}
    ),

    renamed as (
        select
            cast("campaign.id" as varchar) as campaign_id,
            "campaign.name" as campaign_name,
            "campaign.status" as campaign_status,
            "campaign.advertising_channel_type" as campaign_type,
            "segments.ad_network_type" as ad_network_type,
            cast("metrics.cost_micros" as bigint) as cost_micros,
            "metrics.impressions" as impressions,
            "metrics.clicks" as clicks,
            cast("metrics.conversions" as decimal(18, 4)) as conversions,
            cast("metrics.conversions_value" as decimal(18, 4)) as conversions_value,
            "segments.hour" as report_hour,
            "segments.date" as report_date,
            {{ utc("_airbyte_extracted_at") }} as loaded_at
        from newest
    )

select *
from renamed
