-- The pages that are viewed most. As a mart, by day: page_performance_daily.
with events as (select * from {{ ref("events_sessionated") }} where not is_machine_session)

select
    page_url,
    count(*) as pageviews,
    count(distinct client_id) as unique_visitors,
    count(*) / count(distinct client_id) as avg_views_per_visitor
from events
where event_name = 'pageview'
group by 1
order by pageviews desc, page_url
limit 50
