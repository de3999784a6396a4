-- The ad platforms: Meta lands first numbers and restates them within a week; Google lands hours
-- and networks in micros.
create table landing.raw_data.meta_ads_insights as
with
    versioned as (
        select
            *,
            0 as version,
            day_date::timestamp + to_days(
                (
                    1
                    + case when is_restated then 1 + draw_int('restated day', row_key, 7) else 0 end
                )::int
            )
            + interval 7 hour as reported_at,
            cents as reported_cents,
            clicks as reported_clicks
        from meta_days
        union all
        select
            *,
            1,
            day_date::timestamp + interval 31 hour,
            greatest(1, cents * 93 // 100),
            greatest(1, clicks * 95 // 100)
        from meta_days
        where is_restated
    ),

    counted as (
        select
            *,
            loaded_after(reported_at) as loaded_at,
            reported_clicks * (55 + draw_int('impressions', row_key, 40)) as impressions,
            -- the platform's own, generous count
            (reported_clicks * (3 + draw_int('conversions', row_key, 4)))
            // 100 as purchases
        from versioned
    )
select
    draw_uuid('raw meta_ads_insights', row_key * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    day_date as date_start,
    day_date as date_stop,
    account_id,
    account_name,
    currency as account_currency,
    campaign_id,
    case
        when campaign = 'prospecting_eu' and day_number >= 300
        then 'prospecting_eu_broad'
        else campaign
    end as campaign_name,
    adset_id,
    adset as adset_name,
    '23843' || lpad(ad_number::varchar, 4, '0') as ad_id,
    ad as ad_name,
    impressions,
    reported_clicks as clicks,
    impressions * 8 // 10 as reach,
    reported_clicks * 9 // 10 as inline_link_clicks,
    reported_clicks * 95 // 100 as unique_clicks,
    reported_cents / 100.0::double as spend,
    round(impressions / greatest(1, impressions * 8 // 10), 6) as frequency,
    round(reported_cents / 100.0::double / reported_clicks, 6) as cpc,
    round(reported_cents * 10.0::double / impressions, 6) as cpm,
    round(reported_clicks * 100.0::double / impressions, 6) as ctr,
    to_json(
        [
            {
                'action_type': 'link_click',
                'value': reported_clicks * 9 // 10,
                '7d_click': reported_clicks * 9 // 10,
                '1d_view': 0
            },
            {'action_type': 'purchase', 'value': purchases, '7d_click': purchases, '1d_view': 0}
        ]
    ) as actions,
    to_json(
        [
            {
                'action_type': 'purchase',
                'value': purchases * 118,
                '7d_click': purchases * 118,
                '1d_view': 0
            }
        ]
    ) as action_values,
    objective,
    '7d_click_1d_view' as attribution_setting
from counted
order by loaded_at, row_key, version;

create table landing.raw_data.google_ads_campaign as
with
    versioned as (
        select
            *,
            0 as version,
            day_date::timestamp + to_days(
                (
                    1 + case
                        when is_restated then 1 + draw_int('google restated day', row_key, 7) else 0
                    end
                )::int
            )
            + interval 7 hour as reported_at,
            cents as reported_cents,
            clicks as reported_clicks
        from google_hours
        union all
        select
            *,
            1,
            day_date::timestamp + interval 31 hour,
            greatest(1, cents * 96 // 100),
            clicks
        from google_hours
        where is_restated
    ),

    counted as (
        select
            *,
            loaded_after(reported_at) as loaded_at,
            round(reported_clicks * conversion_percent / 100.0::double, 2) as conversions
        from versioned
    )
select
    draw_uuid('raw google_ads_campaign', row_key * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    campaign_id as "campaign.id",
    campaign as "campaign.name",
    'ENABLED' as "campaign.status",
    channel_type as "campaign.advertising_channel_type",
    reported_cents * 10000 as "metrics.cost_micros",
    reported_clicks * (12 + draw_int('google impressions', row_key, 20)) as "metrics.impressions",
    reported_clicks as "metrics.clicks",
    conversions as "metrics.conversions",
    round(conversions * 124, 2) as "metrics.conversions_value",
    day_date as "segments.date",
    hour_number::bigint as "segments.hour",
    network as "segments.ad_network_type"
from counted
order by loaded_at, row_key, version;

create table landing.raw_data.fx_rates as
select rate_date, from_currency, to_currency, rate::double as rate
from exchange_rates
order by rate_date, from_currency;
