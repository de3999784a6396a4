-- grain: one row per visit and per order, with the marketing channel that it came through
{{ config(materialized="table") }}
with

    touches as (select * from {{ ref("int_touches") }}),

    rules as (select * from {{ ref("visit_channel_rules") }}),

    categories as (select * from {{ ref("channel_source_categories") }}),

    origins as (select distinct source, medium, campaign, referring_site from touches),

    ruled as (
        select
            origins.source, origins.medium, origins.campaign, origins.referring_site, rules.channel
        from origins
        inner join
            rules
            on coalesce(origins.source, '') like rules.source
            and coalesce(origins.medium, '') like rules.medium
            and coalesce(origins.campaign, '') like rules.campaign
        qualify
            row_number() over (
                partition by
                    origins.source, origins.medium, origins.campaign, origins.referring_site
                order by rules.rule_order
            )
            = 1
    ),

    final as (
        select
            touches.touch_key,
            case
                when ruled.channel is not null
                then ruled.channel
                when categories.category = 'search'
                then 'organic_search'
                when categories.category = 'social'
                then 'organic_social'
                when categories.category = 'payment'
                then 'direct'
                when coalesce(touches.source, touches.referring_site) is null
                then 'direct'
                when touches.referring_site like '{{ var("own_site") }}%' and touches.source is null
                then 'direct'
                else 'referral'
            end as channel,
            touches.source,
            touches.medium,
            touches.campaign,
            touches.referring_site,
            touches.touched_at
        from touches
        left join
            ruled
            on ruled.source is not distinct from touches.source
            and ruled.medium is not distinct from touches.medium
            and ruled.campaign is not distinct from touches.campaign
            and ruled.referring_site is not distinct from touches.referring_site
        left join categories on categories.source = coalesce(touches.source, touches.referring_site)
    )

select *
from final
