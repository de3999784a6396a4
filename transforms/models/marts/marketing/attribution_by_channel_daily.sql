-- grain: one row per day of conversion, channel and attribution model
{{ fed_by(["ga4"]) }}
{{ fed_by(["shopify", "woocommerce", "crm"]) }}
{%- set models = attribution_models() %}
with

    touchpoints as (select * from {{ ref("mrt__marketing__attributed_touchpoints") }}),

    ads as (select * from {{ ref("fct_ads_performance") }}),

    by_model as (
        {%- for model in models %}
            select
                conversion_date as date,
                channel,
                '{{ model }}' as model,
                sum(weight_{{ model }}) as conversions,
                sum(weight_{{ model }}) filter (conversion_type = 'order') as orders,
                sum(weight_{{ model }}) filter (conversion_type = 'deal') as deals,
                sum(attributed_value_{{ model }}) as attributed_value,
                sum(attributed_value_{{ model }}) filter (
                    conversion_type = 'order'
                ) as attributed_revenue,
                sum(attributed_value_{{ model }}) filter (
                    conversion_type = 'deal'
                ) as attributed_deal_value,
                max(loaded_at) as loaded_at
            from touchpoints
            group by 1, 2 {{ "union all" if not loop.last }}
        {%- endfor %}
    ),

    spend_by_channel as (
        select date, channel, sum(spend) as spend, max(loaded_at) as loaded_at
        from ads
        group by date, channel
    ),

    -- every model is judged by the same spend
    spend_by_model as (
        select spend_by_channel.*, models.model
        from spend_by_channel
        cross join (select unnest(['{{ models | join("', '") }}']) as model) as models
    ),

    final as (
        select
            {{ generate_surrogate_key(["date", "channel", "model"]) }} as channel_attribution_key,
            channel,
            model,
            cast(coalesce(by_model.conversions, 0) as decimal(18, 12)) as conversions,
            cast(coalesce(by_model.orders, 0) as decimal(18, 12)) as attributed_orders,
            cast(coalesce(by_model.deals, 0) as decimal(18, 12)) as attributed_deals,
            {{ money("by_model.attributed_value") }} as attributed_value,
            {{ money("by_model.attributed_revenue") }} as attributed_revenue,
            {{ money("by_model.attributed_deal_value") }} as attributed_deal_value,
            {{ money("spend_by_model.spend") }} as spend,
            date,
            greatest(by_model.loaded_at, spend_by_model.loaded_at) as loaded_at
        from by_model
        full outer join spend_by_model using (date, channel, model)
    )

select *
from final
