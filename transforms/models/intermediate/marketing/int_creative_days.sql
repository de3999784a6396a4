-- grain: one row per day and ad, with the creative that it shows
{{ config(materialized="table") }}
with

    delivered as (select * from {{ ref("int_ads_unioned") }}),

    meta_ads as (select * from {{ ref("stg_meta_ads__ads") }}),

    google_ads as (select * from {{ ref("stg_google_ads__ad_group_ad") }}),

    fx_rates as (select * from {{ ref("int_fx_rates_filled") }}),

    -- an ad that was deleted with its creative still has cost
    of_meta as (
        select
            'meta_ads:' || coalesce(meta_ads.creative_id, 'ad:' || delivered.ad_id) as creative_id,
            delivered.*
        from delivered
        left join meta_ads using (ad_id)
        where delivered.platform = 'meta_ads'
    ),

    -- Google's ads share the day of their campaign; a campaign that reports none is one itself
    of_google as (
        select
            'google_ads:'
            || coalesce(google_ads.ad_id, 'campaign:' || delivered.campaign_id) as creative_id,
            delivered.* replace (
                coalesce(google_ads.ad_group_id, delivered.ad_group_id) as ad_group_id,
                coalesce(google_ads.ad_id, delivered.ad_id) as ad_id,
                coalesce(google_ads.ad_group_name, delivered.ad_group_name) as ad_group_name,
                coalesce(
                    cast(google_ads.cost_micros / 1000000 as decimal(18, 2)), delivered.spend_local
                ) as spend_local,
                case
                    when google_ads.ad_id is null
                    then delivered.spend
                    else
                        {{
                            convert_currency(
                                "google_ads.cost_micros / 1000000", "fx_rates.fx_rate"
                            )
                        }}
                end as spend,
                coalesce(google_ads.impressions, delivered.impressions) as impressions,
                coalesce(google_ads.clicks, delivered.clicks) as clicks,
                coalesce(google_ads.conversions, delivered.conversions) as conversions,
                case
                    when google_ads.ad_id is null
                    then delivered.conversions_value
                    else {{ convert_currency("google_ads.conversions_value", "fx_rates.fx_rate") }}
                end as conversions_value,
                greatest(google_ads.loaded_at, delivered.loaded_at) as loaded_at
            )
        from delivered
        left join
            google_ads
            on google_ads.campaign_id = delivered.campaign_id
            and google_ads.report_date = delivered.date
        left join
            fx_rates
            on fx_rates.currency = delivered.currency
            and fx_rates.rate_date = delivered.date
        where delivered.platform = 'google_ads'
    ),

    unioned as (
        select *
        from of_meta
        union all
        select *
        from of_google
    )

select * exclude (ad_performance_key)
from unioned
