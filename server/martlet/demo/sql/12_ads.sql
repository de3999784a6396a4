-- Ad delivery per day: final numbers, in whole cents, before the platforms report them piece by
-- piece.
create temp table meta_ads (
    account_id varchar, account_name varchar, currency varchar, campaign_id varchar,
    campaign varchar, objective varchar,
    adset_id varchar, adset varchar, ad_number bigint, ad varchar, share bigint,
    first_day bigint, growth varchar
);
insert into meta_ads values
    ('act_4401', 'Kestrel & Pine EU', 'EUR', '238410001', 'prospecting_eu', 'OUTCOME_SALES',
     '238420001', 'broad_de_at', 1, 'video_heath_tent', 22, 0, 'rise_and_fall'),
    ('act_4401', 'Kestrel & Pine EU', 'EUR', '238410001', 'prospecting_eu', 'OUTCOME_SALES',
     '238420001', 'broad_de_at', 2, 'carousel_packs', 16, 0, 'rise_and_fall'),
    ('act_4401', 'Kestrel & Pine EU', 'EUR', '238410001', 'prospecting_eu', 'OUTCOME_SALES',
     '238420002', 'lookalike_eu', 3, 'image_merino', 12, 0, 'rise_and_fall'),
    ('act_4401', 'Kestrel & Pine EU', 'EUR', '238410002', 'advantage_shopping', 'OUTCOME_SALES',
     '238420003', 'catalogue', 4, 'dynamic_catalogue', 20, 120, 'rise_and_fall'),
    ('act_4401', 'Kestrel & Pine EU', 'EUR', '238410003', 'retargeting_eu', 'OUTCOME_SALES',
     '238420004', 'viewed_30d', 5, 'dynamic_viewed', 8, 0, 'flat'),
    ('act_4401', 'Kestrel & Pine EU', 'EUR', '238410003', 'retargeting_eu', 'OUTCOME_SALES',
     '238420005', 'cart_14d', 6, 'image_free_shipping', 5, 0, 'flat'),
    ('act_4402', 'Kestrel & Pine US', 'USD', '238410004', 'us_launch', 'OUTCOME_SALES',
     '238420006', 'broad_us', 7, 'video_rain_jacket', 10, 270, 'flat'),
    ('act_4402', 'Kestrel & Pine US', 'USD', '238410004', 'us_launch', 'OUTCOME_TRAFFIC',
     '238420006', 'broad_us', 8, 'image_packs_us', 7, 270, 'flat');

create temp table google_campaigns (
    campaign_id bigint, campaign varchar, channel_type varchar, daily_cents bigint,
    cents_per_click bigint, conversion_percent bigint, growth varchar,
    networks varchar[]
);
insert into google_campaigns values
    (20110001, 'search_brand', 'SEARCH', 1300, 70, 9, 'flat', ['SEARCH', 'SEARCH_PARTNERS']),
    (20110002, 'search_generic', 'SEARCH', 3300, 240, 3, 'flat', ['SEARCH', 'SEARCH_PARTNERS']),
    (20110003, 'shopping_all_products', 'SHOPPING', 3700, 140, 4, 'rise', ['SEARCH']),
    (20110004, 'display_remarketing', 'DISPLAY', 700, 70, 1, 'flat', ['CONTENT']),
    (20110005, 'youtube_summer', 'VIDEO', 2000, 90, 1, 'summer', ['YOUTUBE_WATCH']);

create temp table ad_days as
select
    day_date,
    day_number,
    -- budgets follow trade, half as strongly
    500 + weight // 240 as trade,
    case
        when day_number < 240
        then 80 + day_number // 4
        when day_number < 450
        then 150
        else 85
    end as rise_and_fall,
    60 + day_number // 8 as rise,
    case when month(day_date) between 5 and 8 then 100 else 0 end as summer,
    -- accounts pause over Christmas, and once ran out of a valid card
    strftime(day_date, '%m-%d') in ('12-24', '12-25', '12-26')
    or day_number between 460 and 464 as is_paused,
    -- a click costs more each year, most before Christmas
    100
    + day_number // 20
    + case when month(day_date) in (11, 12) then 35 else 0 end as click_price
from trade_days;

create temp table meta_days as
with
    drawn as (
        select
            ad_days.day_date,
            ad_days.day_number,
            ad_days.click_price,
            meta_ads.*,
            day_number * 64 + ad_number as row_key,
            (9600 * getvariable('people') // 3000)
            * share
            * trade
            * case growth when 'rise_and_fall' then rise_and_fall else 100 end
            // 10000000
            * (75 + draw_int('meta spend', day_number * 64 + ad_number, 50))
            // 100 as cents
        from ad_days
        cross join meta_ads
        where day_number >= first_day and not is_paused
    )
select
    *,
    greatest(1, cents // (1 + (190 * click_price) // 100))::bigint as clicks,
    draw('restated', row_key) < 0.3 and day_date + 9 < getvariable('through') as is_restated
from drawn
-- now and then an ad does not run for a day
where cents > 0 and draw('meta runs', row_key) > 0.03;

create temp table google_hours as
with
    drawn as (
        select
            ad_days.day_date,
            google_campaigns.* exclude (networks),
            unnest(networks) as network,
            unnest(range(len(networks))) as network_number,
            ad_days.click_price,
            (daily_cents * getvariable('people') // 3000)
            * trade
            * case growth when 'rise' then rise when 'summer' then summer else 100 end
            // 100000 as day_cents,
            day_number
        from ad_days
        cross join google_campaigns
        where not is_paused
    ),

    split as (
        select
            drawn.*,
            hour_number,
            ((day_number * 8 + campaign_id % 8) * 32 + hour_number) * 2 + network_number as row_key
        from drawn
        cross join
            (values (7, 10), (11, 16), (14, 15), (17, 18), (19, 22), (21, 19)) as hours(
                hour_number, share
            )
    ),

    priced as (
        select
            split.*,
            day_cents
            * map {7:10, 11:16, 14:15, 17:18, 19:22, 21:19}[hour_number]
            // 100
            * case when network_number = 1 then 12 when channel_type = 'SEARCH' then 88 else 100 end
            // 100
            * (70 + draw_int('google spend', row_key, 60))
            // 100 as cents
        from split
    )
select
    *,
    greatest(1, cents * 100 // (cents_per_click * click_price))::bigint as clicks,
    draw('google restated', row_key) < 0.3 and day_date + 9 < getvariable('through') as is_restated
from priced
where cents > 0;
