-- spend stands once for each model, all of it
with
    spent as (
        select model, sum(spend) as spend
        from {{ ref("attribution_by_channel_daily") }}
        group by model
    )
select spent.*
from spent
cross join (select sum(spend) as spend from {{ ref("fct_ads_performance") }}) as charged
where spent.spend != charged.spend
