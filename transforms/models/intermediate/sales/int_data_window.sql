-- grain: one row, the first and the last day that orders, events and ads reach
{{ config(materialized="table") }}
with

    orders as (select order_date as day_with_data from {{ ref("int_orders_unioned") }}),

    events as (
        select {{ reporting_date("occurred_at") }} as day_with_data
        from {{ ref("int_events_unioned") }}
        where stream = 'posthog'
    ),

    ads as (select date as day_with_data from {{ ref("int_ads_unioned") }}),

    unioned as (
        select *
        from orders
        union all
        select *
        from events
        union all
        select *
        from ads
    )

select min(day_with_data) as first_date, max(day_with_data) as last_date
from unioned
