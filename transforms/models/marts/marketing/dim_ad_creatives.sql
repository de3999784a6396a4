-- grain: one row per ad creative of Meta, or ad of Google
{{ fed_by(["meta_ads", "google_ads"]) }}
with

    meta_creatives as (select * from {{ ref("stg_meta_ads__ad_creatives") }}),

    google_ads as (select * from {{ ref("stg_google_ads__ad_group_ad") }}),

    days as (select * from {{ ref("int_creative_days") }}),

    -- Google's report repeats the ad each day: as it was last
    newest_google_ads as (
        select *
        from google_ads
        qualify row_number() over (partition by ad_id order by report_date desc) = 1
    ),

    described as (
        select
            'meta_ads:' || creative_id as creative_id,
            'meta_ads' as platform,
            creative_name,
            format,
            headline,
            body_copy,
            call_to_action,
            ad_creative_url,
            landing_page_url
        from meta_creatives
        union all
        select
            'google_ads:' || ad_id,
            'google_ads',
            ad_group_name,
            case
                when contains(ad_type, 'SEARCH')
                then 'search'
                when contains(ad_type, 'SHOPPING')
                then 'shopping'
                when contains(ad_type, 'VIDEO')
                then 'video'
                when contains(ad_type, 'IMAGE')
                then 'image'
                when contains(ad_type, 'DISPLAY')
                then 'dynamic'
                else lower(ad_type)
            end,
            headline,
            body_copy,
            null,
            ad_creative_url,
            landing_page_url
        from newest_google_ads
    ),

    days_summed_to_creative as (
        select
            creative_id,
            any_value(platform) as platform,
            min(date) filter (where impressions > 0) as first_shown_date,
            max(date) filter (where impressions > 0) as last_shown_date
        from days
        group by 1
    ),

    -- what cost something is here, also where the platform tells no copy of it any more
    final as (
        select
            creative_id,
            coalesce(described.platform, shown.platform) as platform,
            described.creative_name,
            coalesce(described.format, '(unknown)') as format,
            described.headline,
            described.body_copy,
            described.call_to_action,
            described.ad_creative_url,
            described.landing_page_url,
            shown.first_shown_date,
            shown.last_shown_date
        from described
        full join days_summed_to_creative as shown using (creative_id)
    )

select *
from final
