-- grain: one row per conversion and touch before it; one for a conversion that has none
{{ fed_by(["ga4"]) }}
{{ fed_by(["shopify", "woocommerce", "crm"]) }}
{%- set models = attribution_models() %}
with

    conversions as (select * from {{ ref("int_conversions") }}),

    touchpoints as (select * from {{ ref("int_touchpoints") }} where conversion_id is not null),

    removal_effects as (select * from {{ ref("int_channel_removal_effects") }}),

    -- the latest session of a run stands for it
    touches as (
        select
            conversion_id,
            touch_no,
            channel,
            count(*) as session_count,
            arg_max(session_key, session_no) as session_key,
            arg_max(session_source, session_no) as session_source,
            arg_max(session_medium, session_no) as session_medium,
            arg_max(session_campaign, session_no) as session_campaign,
            arg_max(session_date, session_no) as session_date,
            max(session_start_at) as session_at,
            epoch_us(any_value(converted_at) - max(session_start_at))
            / 86400000000 as days_before_conversion
        from touchpoints
        group by conversion_id, touch_no, channel
    ),

    described as (
        select
            touches.*,
            removal_effects.removal_share,
            count(*) over by_conversion as n_touches,
            count(*) over (partition by conversion_id, channel) as channel_touches,
            min(days_before_conversion) over by_conversion as fewest_days,
            max(touch_no) filter (channel != 'direct') over by_conversion as last_non_direct_no
        from touches
        inner join removal_effects using (channel)
        window by_conversion as (partition by conversion_id)
    ),

    scored as (
        select
            *,
            {%- for model in models %}
                {{ attribution_score(model) }} as score_{{ model }} {{- "," if not loop.last }}
            {%- endfor %}
        from described
    ),

    weighted as (
        select
            * exclude (
                {%- for model in models %}score_{{ model }}{{ "," if not loop.last }} {%- endfor %}
            ),
            {%- for model in models %}
                cast(
                    score_{{ model }} / sum(score_{{ model }}) over by_conversion as decimal(18, 12)
                ) as weight_{{ model }}{{ "," if not loop.last }}
            {%- endfor %}
        from scored
        window by_conversion as (partition by conversion_id)
    ),

    -- a conversion that nobody was seen before keeps all of its value
    joined as (
        select
            {{ generate_surrogate_key(["conversions.conversion_id", "coalesce(touch_no, 0)"]) }}
            as touchpoint_key,
            conversions.conversion_id,
            conversions.conversion_type,
            conversions.order_key,
            conversions.deal_id,
            conversions.master_customer_id as resolved_user_id,
            weighted.session_key,
            weighted.session_source,
            weighted.session_medium,
            weighted.session_campaign,
            coalesce(weighted.channel, '(unattributed)') as channel,
            coalesce(weighted.touch_no, 0) as touch_no,
            coalesce(weighted.n_touches, 0) as n_touches,
            coalesce(weighted.session_count, 0) as session_count,
            weighted.days_before_conversion,
            conversions.conversion_value,
            case
                when conversions.conversion_type = 'deal' then conversions.conversion_value
            end as deal_amount,
            {%- for model in models %}
                coalesce(weighted.weight_{{ model }}, 1) as weight_{{ model }},
            {%- endfor %}
            weighted.session_date,
            weighted.session_at,
            conversions.conversion_date,
            conversions.converted_at,
            case
                when conversions.conversion_type = 'deal' then conversions.converted_at
            end as closed_at,
            conversions.loaded_at
        from conversions
        left join weighted using (conversion_id)
    ),

    running as (
        select
            *,
            {%- for model in models %}
                sum(weight_{{ model }}) over up_to_here as running_{{ model }},
            {%- endfor %}
            touch_no = n_touches as is_last_touch
        from joined
        window up_to_here as (partition by conversion_id order by touch_no rows unbounded preceding)
    )

select
    touchpoint_key,
    conversion_id,
    conversion_type,
    order_key,
    deal_id,
    resolved_user_id,
    session_key,
    session_source,
    session_medium,
    session_campaign,
    channel,
    touch_no,
    n_touches,
    session_count,
    cast(days_before_conversion as decimal(18, 6)) as days_before_conversion,
    conversion_value,
    deal_amount,
    {%- for model in models %}
        -- the last touch takes what rounding left, so that the weights are one conversion
        cast(
            case
                when is_last_touch
                then greatest(0, 1 - running_{{ model }} + weight_{{ model }})
                else weight_{{ model }}
            end as decimal(18, 12)
        ) as weight_{{ model }},
    {%- endfor %}
    {%- for model in models %}
        {%- set here, before = "running_" ~ model, "running_" ~ model ~ " - weight_" ~ model %}
        cast(
            {{ share_of_amount("conversion_value", here, "is_last_touch") }}
            - {{ share_of_amount("conversion_value", before, "false") }} as decimal(18, 2)
        ) as attributed_value_{{ model }},
    {%- endfor %}
    session_date,
    session_at,
    conversion_date,
    converted_at,
    closed_at,
    loaded_at
from running
