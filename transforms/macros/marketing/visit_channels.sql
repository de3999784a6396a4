{#-
    The marketing channel of each origin in `touches` (source, medium, campaign, referring_site;
    nulls allowed): the first rule that fits, else the kind of site the visit came from.
-#}
{% macro visit_channels(touches) -%}
    with
        rules as (select * from {{ ref("visit_channel_rules") }}),

        categories as (select * from {{ ref("channel_source_categories") }}),

        origins as (select distinct source, medium, campaign, referring_site from {{ touches }}),

        ruled as (
            select
                origins.source,
                origins.medium,
                origins.campaign,
                origins.referring_site,
                rules.channel
            from origins
            left join
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
        )
    select
        ruled.source,
        ruled.medium,
        ruled.campaign,
        ruled.referring_site,
        case
            when ruled.channel is not null
            then ruled.channel
            when categories.category = 'search'
            then 'organic_search'
            when categories.category = 'social'
            then 'organic_social'
            when categories.category = 'payment'
            then 'direct'
            when coalesce(ruled.source, ruled.referring_site) is null
            then 'direct'
            when ruled.referring_site like '{{ var("own_site") }}%' and ruled.source is null
            then 'direct'
            else 'referral'
        end as channel
    from ruled
    left join categories on categories.source = coalesce(ruled.source, ruled.referring_site)
{%- endmacro %}

{#- Joins `channels` (of the macro above) to the origins of `touches`. -#}
{% macro same_origin(touches, channels) -%}
    {%- for column in ["source", "medium", "campaign", "referring_site"] %}
        {{ touches }}.{{ column }} is not distinct from {{ channels }}.{{ column }}
        {{- " and" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
