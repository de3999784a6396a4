-- grain: one row per day, platform, account, campaign, ad group and ad
with

    meta_ads as (select * from {{ ref("stg_meta_ads") }}),

    google_ads as (select * from {{ ref("stg_google_ads") }}),

    channels as (select * from {{ ref("channel_mapping") }}),

    fx_rates as (select * from {{ ref("int_fx_rates_filled") }}),

    unioned as (
        select *
        from meta_ads
        union all by name
        select *
        from google_ads
    ),

    final as (
        select
            {{
                generate_surrogate_key(
                    [
                        "unioned.report_date",
                        "unioned.platform",
                        "unioned.account_id",
                        "unioned.campaign_id",
                        "unioned.ad_group_id",
                        "unioned.ad_id",
                    ]
                )
            }} as ad_performance_key,
            unioned.platform,
            unioned.account_id,
            unioned.campaign_id,
            unioned.ad_group_id,
            unioned.ad_id,
            coalesce(channels.channel, unioned.platform || '_other') as channel,
            unioned.campaign_name,
            unioned.ad_group_name,
            unioned.ad_name,
            unioned.currency,
            {{ convert_currency("unioned.spend", "fx_rates.fx_rate") }} as spend,
            unioned.spend as spend_local,
            cast(unioned.impressions as bigint) as impressions,
            cast(unioned.clicks as bigint) as clicks,
            cast(unioned.conversions as decimal(18, 4)) as conversions,
            {{ convert_currency("unioned.conversions_value", "fx_rates.fx_rate") }}
            as conversions_value,
            unioned.report_date as date,
            unioned.loaded_at
        from unioned
        left join
            channels
            on channels.platform = unioned.platform
            and channels.campaign_type = unioned.campaign_type
        left join
            fx_rates
            on fx_rates.currency = unioned.currency
            and fx_rates.rate_date = unioned.report_date
    )

select *
from final
