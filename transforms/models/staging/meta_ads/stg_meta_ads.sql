-- grain: one row per day and Meta ad, in the columns that all ads platforms share
with

    insights as (select * from {{ ref("stg_meta_ads__ads_insights") }}),

    final as (
        select
            'meta_ads' as platform,
            account_id,
            campaign_id,
            adset_id as ad_group_id,
            ad_id,
            campaign_name,
            adset_name as ad_group_name,
            ad_name,
            '(any)' as campaign_type,
            currency,
            spend,
            impressions,
            clicks,
            cast(purchases as decimal(18, 4)) as conversions,
            cast(purchase_value as decimal(18, 4)) as conversions_value,
            report_date,
            loaded_at
        from insights
    )

select *
from final
