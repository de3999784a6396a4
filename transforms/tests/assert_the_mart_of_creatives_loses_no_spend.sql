-- what creatives cost by day and platform is what all their ads cost
with
    mart as (
        select date, platform, sum(spend) as spend
        from {{ ref("fct_creative_performance") }}
        group by 1, 2
    ),

    ads as (
        select date, platform, sum(spend) as spend from {{ ref("int_creative_days") }} group by 1, 2
    )
select date, platform, mart.spend, ads.spend as spend_of_ads
from mart
full join ads using (date, platform)
where mart.spend is distinct from ads.spend
