-- What Meta's ads show: each ad has a creative, with its copy where its format keeps it.
create temp table creatives (
    ad_number bigint, title varchar, body varchar, picture varchar, link varchar, action varchar,
    format varchar
);
insert into creatives values
    (1, 'Room for two, light as one',
     'The Heath Tent pitches in four minutes. Free returns for 60 days.', 'heath-tent.mp4',
     '/products/heath-tent-2', 'SHOP_NOW', 'video'),
    (2, 'Packs that carry themselves',
     'From the daily 22 litres to the long 55. Made from recycled nylon.', 'packs-carousel.jpg',
     '/collections/packs', 'SHOP_NOW', 'carousel'),
    (3, 'Merino, all year',
     'Soft, dry and free of smell for days. Tees and longsleeves in new colours.', 'merino.jpg',
     '/products/strand-merino-tee', 'LEARN_MORE', 'image'),
    (4, 'Your next trail starts here', 'Gear for every season, delivered in two days.',
     'catalogue.jpg', '/collections/new', 'SHOP_NOW', 'dynamic'),
    (5, 'Still thinking about it?', 'What you looked at is in stock, and shipping is on us.',
     'viewed.jpg', '/collections/new', 'SHOP_NOW', 'dynamic'),
    (6, 'Free shipping over 75 euro', 'Your cart is waiting. It ships today.',
     'free-shipping.jpg', '/cart', 'GET_OFFER', 'image'),
    (7, 'Rain is no reason', 'The Fjord Rain Jacket keeps you dry where the forecast does not.',
     'rain-jacket.mp4', '/products/fjord-rain-jacket', 'SHOP_NOW', 'video'),
    (8, 'Berlin packs, now in the US', 'Kestrel & Pine ships from New Jersey.', 'packs-us.jpg',
     '/collections/packs', 'LEARN_MORE', 'image');

create temp macro creative_id(ad_number) as '23850' || lpad(ad_number::varchar, 5, '0');
create temp macro meta_ad_id(ad_number) as '23843' || lpad(ad_number::varchar, 4, '0');

create table landing.raw_data.meta_ads as
with
    started as (
        select
            *,
            getvariable('window_start') + to_days((first_day - 10)::int) as created_at
        from meta_ads
    ),

    loads as (
        select
            *,
            0 as version,
            loaded_after(greatest(created_at, getvariable('window_start'))) as loaded_at
        from started
        union all
        select
            *, 1, loaded_after(greatest(created_at, getvariable('window_start')) + interval 6 hour)
        from started
        where ad_number = 3
    )
select
    draw_uuid('raw meta_ads', ad_number * 2 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    meta_ad_id(ad_number) as id,
    ad as name,
    campaign_id,
    adset_id,
    'ACTIVE' as status,
    'ACTIVE' as effective_status,
    to_json({'id': creative_id(ad_number), 'creative_id': creative_id(ad_number)}) as creative,
    created_at at time zone 'UTC' as created_time,
    (created_at + interval 2 day) at time zone 'UTC' as updated_time
from loads
order by loaded_at, ad_number, version;

create table landing.raw_data.meta_ad_creatives as
with
    joined as (
        select
            creatives.*,
            account_id,
            ad,
            loaded_after(
                greatest(
                    getvariable('window_start') + to_days((first_day - 10)::int),
                    getvariable('window_start')
                )
            ) as loaded_at,
            'https://'
            || case account_id when 'act_4402' then 'us' else 'eu' end
            || '.kestrelpine.example'
            || link as link_url,
            'https://cdn.kestrelpine.example/ads/' || picture as picture_url
        from creatives
        inner join meta_ads using (ad_number)
    ),

    versioned as (
        -- the copy of one ad was rewritten
        select *, 0 as version
        from joined
        where ad_number <> 6
        union all
        select * replace (loaded_at + interval 90 day as loaded_at), 0
        from joined
        where ad_number = 6
        union all
        select * replace ('Free shipping over 75' as title), 1
        from joined
        where ad_number = 6
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 2
        from joined
        where ad_number = 2
    )
select
    draw_uuid('raw meta_ad_creatives', ad_number * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    creative_id(ad_number) as id,
    ad as name,
    account_id,
    case when format <> 'dynamic' then title end as title,
    case when format <> 'dynamic' then body end as body,
    case when format <> 'video' then picture_url end as image_url,
    replace(replace(picture_url, '.mp4', '-thumb.jpg'), '/ads/', '/thumbs/') as thumbnail_url,
    case when format <> 'video' then link_url end as link_url,
    '1044' || lpad(ad_number::varchar, 6, '0') || '_' || creative_id(ad_number)
    as object_story_id,
    case format
        when 'video'
        then
            to_json(
                {
                    'video_data': {
                        'message': body,
                        'title': title,
                        'image_url': picture_url,
                        'call_to_action': {'type': action, 'value': {'link': link_url}}
                    }
                }
            )
        when 'dynamic'
        then null
        else to_json({'link_data': {'message': body, 'name': title, 'link': link_url}})
    end as object_story_spec,
    case format
        when 'dynamic'
        then
            to_json(
                {
                    'bodies': [{'text': body}],
                    'titles': [{'text': title}, {'text': 'Kestrel & Pine'}],
                    'images': [{'url': picture_url}]
                }
            )
    end as asset_feed_spec,
    action as call_to_action_type,
    'utm_source=facebook&utm_medium=paid_social&utm_content=' || ad as url_tags,
    'ACTIVE' as status
from versioned
order by loaded_at, ad_number, version;
