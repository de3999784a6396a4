-- Google's ads, one by one: copy, landing page, and their part of the campaign's day.
create temp table google_ads (
    ad_id bigint, campaign_id bigint, ad_group varchar, ad_type varchar, share bigint,
    headlines varchar[], descriptions varchar[], picture varchar, link varchar
);
insert into google_ads values
    (660001, 20110001, 'brand_exact', 'RESPONSIVE_SEARCH_AD', 70,
     ['Kestrel & Pine', 'Official Shop', 'Free Returns for 60 Days'],
     ['Outdoor gear from Berlin. Ships today.', 'Packs, tents, merino.'], null, '/'),
    (660002, 20110001, 'brand_phrase', 'RESPONSIVE_SEARCH_AD', 30,
     ['Kestrel & Pine Packs', 'New Colours Are Here'], ['Find your size.'], null,
     '/collections/packs'),
    (660003, 20110002, 'tents', 'RESPONSIVE_SEARCH_AD', 55,
     ['Light Tents', 'Pitched in Four Minutes'], ['For one, two or four. Tested on the moor.'],
     null, '/collections/shelter'),
    (660004, 20110002, 'merino', 'RESPONSIVE_SEARCH_AD', 45,
     ['Merino Base Layers', 'Dry for Days'], ['Soft wool, fair farms.'], null,
     '/products/strand-merino-tee'),
    (660005, 20110003, 'all_products', 'SHOPPING_PRODUCT_AD', 100, [], [], null,
     '/collections/new'),
    (660006, 20110004, 'visitors_30d', 'IMAGE_AD', 60, [], [],
     'https://cdn.kestrelpine.example/ads/display-packs.png', '/collections/packs'),
    (660007, 20110004, 'visitors_7d', 'RESPONSIVE_DISPLAY_AD', 40,
     ['Back to the Trail'], ['What you liked is in stock.'], null, '/collections/new'),
    (660008, 20110005, 'summer_films', 'VIDEO_RESPONSIVE_AD', 100,
     ['One Night on the Moor'], ['A film in two minutes.'], null, '/collections/shelter');

-- The ads of a campaign share its day: what rounding leaves goes to the last of them.
create table landing.raw_data.google_ads_ad_group_ad_legacy as
with
    campaign_days as (
        select
            day_date,
            campaign_id,
            any_value(campaign) as campaign,
            any_value(conversion_percent) as conversion_percent,
            any_value(day_number) as day_number,
            sum(cents)::bigint as cents,
            sum(clicks)::bigint as clicks,
            bool_or(is_restated) as is_restated
        from google_hours
        group by day_date, campaign_id
    ),

    shared as (
        select
            campaign_days.*,
            google_ads.* exclude (campaign_id),
            sum(share) over campaign_ads - share as share_before,
            sum(share) over campaign_ads as share_so_far
        from campaign_days
        inner join google_ads using (campaign_id)
        window
            campaign_ads as (
                partition by day_date, campaign_days.campaign_id
                order by ad_id
                rows unbounded preceding
            )
    ),

    counted as (
        select
            *,
            (cents * share_so_far // 100 - cents * share_before // 100)::bigint as ad_cents,
            (clicks * share_so_far // 100 - clicks * share_before // 100)::bigint as ad_clicks,
            day_number * 16 + ad_id % 16 as row_key
        from shared
    ),

    versioned as (
        select
            *,
            0 as version,
            day_date::timestamp + case when is_restated then interval 9 day else interval 1 day end
            + interval 7 hour as reported_at,
            ad_cents as reported_cents
        from counted
        union all
        select *, 1, day_date::timestamp + interval 31 hour, ad_cents * 96 // 100
        from counted
        where is_restated
    ),

    loads as (select *, loaded_after(reported_at) as loaded_at from versioned)
select
    draw_uuid('raw google_ads_ad_group_ad_legacy', row_key * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    7710042::bigint as "customer.id",
    'EUR' as "customer.currency_code",
    'Europe/Berlin' as "customer.time_zone",
    campaign_id as "campaign.id",
    campaign as "campaign.name",
    ad_id - 600000 as "ad_group.id",
    ad_group as "ad_group.name",
    ad_id as "ad_group_ad.ad.id",
    ad_type as "ad_group_ad.ad.type",
    to_json(['https://eu.kestrelpine.example' || link]) as "ad_group_ad.ad.final_urls",
    case
        when ad_type = 'RESPONSIVE_SEARCH_AD'
        then to_json(list_transform(headlines, lambda line: {'text': line}))
    end as "ad_group_ad.ad.responsive_search_ad.headlines",
    case
        when ad_type = 'RESPONSIVE_SEARCH_AD'
        then to_json(list_transform(descriptions, lambda line: {'text': line}))
    end as "ad_group_ad.ad.responsive_search_ad.descriptions",
    picture as "ad_group_ad.ad.image_ad.image_url",
    reported_cents * 10000 as "metrics.cost_micros",
    ad_clicks * (12 + draw_int('google impressions', row_key, 20)) as "metrics.impressions",
    ad_clicks as "metrics.clicks",
    round(ad_clicks * conversion_percent / 100.0::double, 2) as "metrics.conversions",
    round(ad_clicks * conversion_percent * 1.24::double, 2) as "metrics.conversions_value",
    day_date as "segments.date"
from loads
order by loaded_at, row_key, version;
