-- grain: one row per order whose marketing channel is known
{{ config(materialized="table") }}
with

    orders as (select * from {{ ref("int_orders_unioned") }}),

    touches as not materialized(select * from {{ ref("int_touch_channels") }}),

    tracked_purchases as (
        select order_id, arg_min(session_id, (occurred_at, event_key)) as session_id
        from {{ ref("int_events_unioned") }}
        where event_name = 'purchase' and session_id is not null and order_id is not null
        group by 1
    ),

    -- the landing page that the shop stored, else the visit in which the order was tracked
    final as (
        select
            orders.order_key,
            tracked_purchases.session_id,
            coalesce(landings.channel, visits.channel) as channel,
            case
                when landings.touch_key is not null then landings.source else visits.source
            end as source,
            case
                when landings.touch_key is not null then landings.medium else visits.medium
            end as medium,
            case
                when landings.touch_key is not null then landings.campaign else visits.campaign
            end as campaign
        from orders
        left join tracked_purchases using (order_id)
        left join touches as landings on landings.touch_key = 'order:' || orders.order_key
        left join touches as visits on visits.touch_key = 'visit:' || tracked_purchases.session_id
        where coalesce(landings.channel, visits.channel) is not null
    )

select *
from final
