-- what a refund gives back beyond its lines is spread over the order without losing a cent
with

    spread as (
        select order_key, sum(allocated_refund_local) as amount
        from {{ ref("int_refunds_allocated") }}
        group by 1
    ),

    given_back as (
        select 'shopify:' || order_id as order_key, sum(discrepancy_amount) as amount
        from {{ ref("stg_shopify__refunds") }}
        group by 1
    )

select given_back.order_key, given_back.amount, spread.amount as spread_amount
from given_back
inner join spread using (order_key)
where given_back.amount != spread.amount
