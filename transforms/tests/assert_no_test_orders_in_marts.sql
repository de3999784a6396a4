-- orders that staff placed, drafts, cancelled and voided ones never reach a mart
select orders.order_key
from {{ ref("fct_orders") }} as orders
inner join
    {{ ref("stg_shopify__orders") }} as shopify_orders
    on orders.source_system = 'shopify'
    and orders.order_id = shopify_orders.order_id
where
    shopify_orders.is_test
    or not shopify_orders.is_confirmed
    or shopify_orders.cancelled_at is not null
    or shopify_orders.financial_status = 'voided'
