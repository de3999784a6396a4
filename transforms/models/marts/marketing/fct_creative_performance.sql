-- grain: one row per day and ad creative
{{ fed_by(["meta_ads", "google_ads"]) }}
with

    days as (select * from {{ ref("int_creative_days") }}),

    creatives as (select * from {{ ref("dim_ad_creatives") }}),

    -- a creative may be shown by several ads, and in several campaigns
    days_summed_to_creative as (
        select
            date,
            creative_id,
            any_value(platform) as platform,
            case when count(distinct channel) = 1 then min(channel) else '(several)' end as channel,
            case
                when count(distinct campaign_id) = 1 then min(campaign_id) else '(several)'
            end as campaign_id,
            case
                when count(distinct campaign_id) = 1 then min(campaign_name) else '(several)'
            end as campaign_name,
            sum(spend) as spend,
            sum(impressions) as impressions,
            sum(clicks) as clicks,
            sum(conversions) as conversions,
            sum(conversions_value) as conversions_value,
            max(loaded_at) as loaded_at
        from days
        group by 1, 2
    ),

    final as (
        select
            days.creative_id,
            days.campaign_id,
            days.platform,
            days.channel,
            days.campaign_name,
            creatives.headline,
            creatives.format,
            cast(days.spend as decimal(18, 2)) as spend,
            cast(days.impressions as bigint) as impressions,
            cast(days.clicks as bigint) as clicks,
            cast(days.conversions as decimal(18, 4)) as conversions,
            cast(days.conversions_value as decimal(18, 2)) as conversions_value,
            days.date,
            days.loaded_at
        from days_summed_to_creative as days
        left join creatives using (creative_id)
    )

select *
from final
