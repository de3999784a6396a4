{#- The models of attribution, in the order of the columns. -#}
{% macro attribution_models() -%}
    {{-
        return(
            [
                "first",
                "last",
                "last_non_direct",
                "linear",
                "time_decay",
                "position",
                "markov",
                "shapley",
            ]
        )
    -}}
{%- endmacro %}

{#-
    What each model gives a touch before the weights of a conversion are brought to 1. In scope:
    touch_no, n_touches, channel, days_before_conversion, fewest_days, last_non_direct_no,
    channel_touches (of this channel in the path), removal_share. Whole numbers or decimals: their
    sum is the same in whatever order the touches come.
-#}
{% macro attribution_score(model) -%}
    {%- if model == "first" -%} cast(touch_no = 1 as integer)
    {%- elif model == "last" -%} cast(touch_no = n_touches as integer)
    {%- elif model == "last_non_direct" -%}
        cast(touch_no = coalesce(last_non_direct_no, n_touches) as integer)
    {%- elif model == "linear" -%} 1
    {%- else -%} cast({{ attribution_part(model) }} as decimal(18, 17))
    {%- endif -%}
{%- endmacro %}

{#- The parts of the models that give some touches a fraction; the rounding is the score's. -#}
{% macro attribution_part(model) -%}
    {%- if model == "time_decay" -%}
        -- counted from the latest touch, so that no half-life is too short for a number
        pow(2, - (days_before_conversion - fewest_days) / {{ var("time_decay_half_life_days") }})
    {%- elif model == "position" -%}
        {%- set first, last = var("position_first_weight"), var("position_last_weight") -%}
        case
            when n_touches <= 2
            then 1
            when touch_no = 1
            then {{ first }}
            when touch_no = n_touches
            then {{ last }}
            else {{ 1 - first - last }} / (n_touches - 2)
        end
    {%- elif model == "markov" -%} greatest(removal_share, 1e-12) / channel_touches
    {%- elif model == "shapley" -%} 1 / channel_touches
    {%- endif -%}
{%- endmacro %}

{#-
    The part of `amount` that falls on the weights up to `running`, rounded half up to the cent;
    all of it at the last touch. What is given so adds up to the cent.
-#}
{% macro share_of_amount(amount, running, is_last) -%}
    case
        when {{ is_last }}
        then {{ amount }}
        else
            cast(
                round(
                    cast({{ amount }} as decimal(20, 2))
                    * cast(least({{ running }}, 1) as decimal(18, 12)),
                    2
                ) as decimal(18, 2)
            )
    end
{%- endmacro %}

{#- The sessions that may be a touch: of people, with their consent. -#}
{% macro sessions_that_touch() -%}
    select *
    from {{ ref("mrt__marketing__web_sessions") }}
    where consent = 'Yes' and resolved_user_id is not null and not is_bot and not is_internal
{%- endmacro %}

{#- Of what each person's paths are made, and by which rules, for `consumed`. -#}
{% macro makings_of_paths() -%}
    select
        hash(person) as key_hash,
        hash(
            sum(making),
            {{ var("attribution_window_days") }},
            {{ var("attribution_restarts_after_conversion") }}
        ) as fingerprint
    from
        (
            select
                resolved_user_id as person,
                hash(
                    session_key,
                    user_pseudo_id,
                    session_source,
                    session_medium,
                    session_campaign,
                    session_channel,
                    session_date,
                    session_start_at
                ) as making
            from ({{ sessions_that_touch() }})
            union all
            select master_customer_id, hash(conversion_id, converted_at)
            from {{ ref("int_conversions") }}
        )
    where person is not null
    group by person
{%- endmacro %}
