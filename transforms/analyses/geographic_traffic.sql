-- Traffic by country of the visitor. As a mart, by day: geo_traffic_daily.
with events as (select * from {{ ref("events_sessionated") }} where not is_machine_session)

select
    coalesce(country_code, 'ZZ') as country_code,
    min(coalesce(country, 'Unknown')) as country,
    count(distinct client_id) as unique_visitors,
    count(distinct session_id) as sessions,
    count(*) filter (where event_name = 'pageview') as pageviews
from events
group by 1
order by unique_visitors desc, country_code
