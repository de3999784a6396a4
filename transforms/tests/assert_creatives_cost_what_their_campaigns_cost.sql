-- a campaign costs and is clicked as often as its creatives together, day by day; a part of a cent
-- may go astray where single ads are rounded
with
    creatives as (
        select
            date,
            platform,
            campaign_id,
            sum(spend) as spend,
            sum(clicks) as clicks,
            count(*) as creatives
        from {{ ref("int_creative_days") }}
        group by all
    ),

    campaigns as (
        select date, platform, campaign_id, sum(spend) as spend, sum(clicks) as clicks
        from {{ ref("fct_ads_performance") }}
        group by all
    )
select date, platform, campaign_id, creatives.spend, campaigns.spend as campaign_spend
from creatives
full join campaigns using (date, platform, campaign_id)
where
    coalesce(
        abs(creatives.spend - campaigns.spend) > 0.01 * (creatives.creatives - 1)
        or creatives.clicks != campaigns.clicks,
        true
    )
