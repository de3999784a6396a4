-- grain: one row per day and Google Ads campaign, in the columns that all ads platforms share
with

    campaigns as (select * from {{ ref("stg_google_ads__campaign") }}),

    -- the report has a row per hour and network; the name is the one of the campaign's newest row
    final as (
        select
            'google_ads' as platform,
            '{{ var("google_ads_account_id") }}' as account_id,
            campaign_id,
            '(all)' as ad_group_id,
            '(all)' as ad_id,
            arg_max(campaign_name, (loaded_at, report_hour)) as campaign_name,
            cast(null as varchar) as ad_group_name,
            cast(null as varchar) as ad_name,
            arg_max(campaign_type, (loaded_at, report_hour)) as campaign_type,
            '{{ var("google_ads_currency") }}' as currency,
            cast(sum(cost_micros) / 1000000 as decimal(18, 2)) as spend,
            sum(impressions) as impressions,
            sum(clicks) as clicks,
            sum(conversions) as conversions,
            sum(conversions_value) as conversions_value,
            report_date,
            max(loaded_at) as loaded_at
        from campaigns
        group by campaign_id, report_date
    )

select *
from final
