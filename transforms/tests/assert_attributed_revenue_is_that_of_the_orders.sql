-- each day and model: what the channels were given is what the orders and deals brought
with

    given as (
        select
            date,
            model,
            sum(attributed_revenue) as revenue,
            sum(attributed_deal_value) as deal_value,
            sum(attributed_value) as total,
            round(sum(attributed_orders), 6) as orders
        from {{ ref("attribution_by_channel_daily") }}
        group by date, model
    ),

    ordered as (
        select order_date as date, sum(net_sales) as revenue, count(*) as orders
        from {{ ref("fct_orders") }}
        group by 1
    )

select *
from given
left join ordered using (date)
where
    given.revenue != coalesce(ordered.revenue, 0)
    or given.orders != coalesce(ordered.orders, 0)
    or given.total != given.revenue + given.deal_value
