-- every channel and day in the exports costs what the ads cost
{%- set channels = var("paid_channels") %}
with

    ads as (
        select
            date,
            {% for channel in channels %}
                coalesce(
                    sum(spend) filter (where channel = '{{ channel }}'), 0
                ) as {{ channel }}_spend{{ "," if not loop.last }}
            {% endfor %}
        from {{ ref("fct_ads_performance") }}
        group by 1
    )

select meridian.time
from {{ ref("mmm_input_meridian") }} as meridian
inner join {{ ref("mmm_input_robyn") }} as robyn on robyn."DATE" = meridian.time
left join ads on ads.date = meridian.time
where
    false
    {%- for channel in channels %}
        or meridian.{{ channel }}_spend != coalesce(ads.{{ channel }}_spend, 0)
        or robyn."{{ channel }}_S" != meridian.{{ channel }}_spend
    {%- endfor %}
