-- grain: one row per day and page that was viewed on it
{{ fed_by(["measure_js"]) }}
with

    events as (select * from {{ ref("events_sessionated") }} where not is_machine_session),

    views_summed_to_page as (
        select
            event_date as date,
            page_url,
            count(*) as pageviews,
            count(distinct client_id) as unique_visitors,
            count(distinct session_id) as sessions
        from events
        where event_name = 'pageview'
        group by 1, 2
    ),

    final as (
        select
            md5(date || ' ' || page_url) as day_page_key,
            page_url,
            {{ url_path("page_url") }} as page_path,
            {{ url_host("page_url") }} as page_host,
            pageviews,
            unique_visitors,
            sessions,
            pageviews / unique_visitors as avg_views_per_visitor,
            date
        from views_summed_to_page
    )

select *
from final
