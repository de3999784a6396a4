{#-
    The columns that Meridian's CoordToColumns names, over the wide rows of `mix`: kpi with its
    revenue, media and spend of each channel in one order, organic media, two controls. `promo` is
    SQL for the part of the period with a promotion. Revenue is kpi × revenue_per_conversion, so
    that stays unrounded.
-#}
{% macro mmm_input_meridian(mix, time, promo) -%}
    select
        {{ time }} as "time",
        orders as conversions,
        cast(coalesce(revenue / nullif(orders, 0), 0) as double) as revenue_per_conversion,
        {% for channel in var("paid_channels") %}
            {{ channel }}_impressions as {{ channel }}_impression, {{ channel }}_spend,
        {% endfor %}
        organic_email_sessions,
        organic_direct_sessions,
        organic_search_sessions,
        cast({{ promo }} as double) as promo,
        stockout_share
    from {{ mix }}
{%- endmacro %}

{#-
    The columns that Robyn reads, named as in its demo: _S is spend, _I impressions, _clicks_P
    clicks. Channels that are paid by the click are told by clicks, the others by impressions.
-#}
{% macro mmm_input_robyn(mix, time, promo) -%}
    select
        {{ time }} as "DATE",
        revenue,
        {% for channel in var("paid_channels") %}
            {{ channel }}_spend as "{{ channel }}_S",
            {% if channel in var("channels_paid_by_click") %}
                {{ channel }}_clicks as "{{ channel }}_clicks_P",
            {% else %} {{ channel }}_impressions as "{{ channel }}_I",
            {% endif %}
        {% endfor %}
        organic_email_sessions as newsletter,
        organic_direct_sessions as direct_visits,
        organic_search_sessions as organic_search_visits,
        cast({{ promo }} as double) as promo,
        stockout_share
    from {{ mix }}
{%- endmacro %}
