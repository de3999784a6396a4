-- How people arrive: what each channel leaves in a landing URL, and its share of first visits,
-- later visits and purchases.
create temp table channels (
    channel varchar, source varchar, medium varchar, campaign varchar, click_id varchar,
    referrer varchar,
    first_share bigint, later_share bigint, order_share bigint, buyers_percent bigint,
    loyal_percent bigint,
    once_percent bigint, growth varchar
);
insert into channels values
    ('meta', 'facebook', 'paid_social', 'prospecting_eu', 'fbclid', 'l.facebook.com', 170, 30,
     15, 70, 14, 56, 'rise_and_fall'),
    ('meta', 'instagram', 'paid_social', 'advantage_shopping', 'fbclid', 'l.instagram.com', 110,
     20, 15, 72, 16, 52, 'rise_and_fall'),
    ('meta', 'facebook', 'paid_social', 'retargeting_eu', 'fbclid', 'l.facebook.com', 20, 70, 70,
     80, 22, 40, 'flat'),
    ('google_search', 'google', 'cpc', 'search_brand', 'gclid', 'www.google.com', 60, 70, 110,
     84, 28, 34, 'flat'),
    ('google_search', 'google', 'cpc', 'search_generic', 'gclid', 'www.google.com', 110, 40, 45,
     78, 22, 42, 'flat'),
    ('google_shopping', 'google', 'cpc', 'shopping_all_products', 'gclid', 'www.google.com', 130,
     60, 85, 82, 24, 42, 'rise'),
    ('google_display', 'google', 'display', 'display_remarketing', 'gclid',
     'www.example-news.com', 22, 30, 12, 55, 12, 60, 'flat'),
    ('google_video', 'youtube', 'video', 'youtube_summer', 'gclid', 'www.youtube.com', 40, 15, 4,
     58, 12, 60, 'summer'),
    ('email', 'newsletter', 'email', 'weekly_trail', null, null, 24, 230, 190, 88, 40, 22, 'rise'),
    ('email', 'newsletter', 'email', 'welcome_flow', null, null, 6, 60, 60, 88, 36, 24, 'flat'),
    ('influencer', 'instagram', 'influencer', 'trailtalk', null, 'l.instagram.com', 80, 15, 15,
     66, 14, 58, 'rise_and_fall'),
    ('organic_search', null, null, null, null, 'www.google.com', 120, 110, 100, 84, 32, 32, 'flat'),
    ('organic_search', null, null, null, null, 'www.bing.com', 18, 12, 10, 84, 30, 34, 'flat'),
    ('organic_search', null, null, null, null, 'duckduckgo.com', 12, 10, 10, 84, 34, 30, 'flat'),
    ('referral', null, null, null, null, 'www.example-trails.org', 44, 30, 22, 80, 30, 34, 'flat'),
    ('direct', null, null, null, null, null, 74, 250, 240, 85, 36, 28, 'flat');

create temp table arrivals as
select *, row_number() over (order by channel, campaign, referrer) as arrival_number from channels;

-- Cumulative shares per month and occasion, for an as-of join on a draw.
create temp table arrival_choice as
with
    months as (
        select
            month_key,
            min(day_number) // 30 as age,
            any_value(month(day_date) order by day_date) as month_number
        from days
        group by month_key
    ),

    occasions as (
        select arrival_number, growth, 'first' as occasion, first_share as share
        from arrivals
        union all
        select arrival_number, growth, 'later', later_share
        from arrivals
        union all
        select arrival_number, growth, 'order', order_share
        from arrivals
    ),

    weighed as (
        select
            month_key,
            occasion,
            arrival_number,
            share * case
                growth
                when 'rise'
                then 80 + 3 * age
                when 'rise_and_fall'
                then case when age < 8 then 90 + 5 * age when age < 15 then 140 else 75 end
                when 'summer'
                then case when month_number between 5 and 8 then 240 else 20 end
                else 100
            end as weight
        from occasions
        cross join months
    )
select
    month_key,
    occasion,
    arrival_number,
    (
        sum(weight) over (
            partition by month_key, occasion order by arrival_number rows unbounded preceding
        )
        - weight
    )::double
    / (sum(weight) over (partition by month_key, occasion))::double as share_from
from weighed;
