-- grain: one row per day and channel with a tracked visit
{{ fed_by(["posthog"]) }}
with

    events as (select * from {{ ref("fct_customer_events") }} where session_id is not null),

    -- all that a visit saw belongs to the day on which it began
    visits as (
        select
            session_id,
            coalesce(min(channel) filter (where source_system = 'posthog'), '(unknown)') as channel,
            bool_or(
                event_type = 'page_view' and regexp_matches(url, '/products/[^/]+')
            ) as has_product_view,
            bool_or(event_type = 'add_to_cart') as has_add_to_cart,
            bool_or(event_type = 'checkout_started') as has_checkout,
            bool_or(event_type = 'purchase') as has_purchase,
            min(event_date) filter (where source_system = 'posthog') as visit_date
        from events
        group by 1
    ),

    -- who took a later step has taken the earlier ones, tracked or not; an order may name a visit
    -- of which no page was tracked
    reached as (
        select
            channel,
            has_purchase as is_purchase,
            has_purchase or has_checkout as is_checkout,
            has_purchase or has_checkout or has_add_to_cart as is_add_to_cart,
            has_purchase or has_checkout or has_add_to_cart or has_product_view as is_product_view,
            visit_date
        from visits
        where visit_date is not null
    ),

    final as (
        select
            channel,
            count(*) as visits,
            count(*) filter (where is_product_view) as product_view_visits,
            count(*) filter (where is_add_to_cart) as add_to_cart_visits,
            count(*) filter (where is_checkout) as checkout_visits,
            count(*) filter (where is_purchase) as purchase_visits,
            visit_date as date
        from reached
        group by channel, visit_date
    )

select *
from final
