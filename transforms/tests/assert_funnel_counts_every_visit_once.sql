-- all days and channels together hold each tracked visit once, and each that ended in an order
with
    funnel as (
        select sum(visits) as visits, sum(purchase_visits) as purchases
        from {{ ref("funnel_daily") }}
    ),

    tracked as (
        select session_id, bool_or(event_type = 'purchase') as has_purchase
        from {{ ref("fct_customer_events") }}
        where session_id is not null
        group by 1
        having bool_or(source_system = 'posthog')
    )
select funnel.visits, funnel.purchases
from funnel
where
    funnel.visits != (select count(*) from tracked)
    or funnel.purchases != (select count(*) from tracked where has_purchase)
