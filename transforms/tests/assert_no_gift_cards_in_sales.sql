-- a gift card is money kept, not a sale
select sales.order_line_key
from {{ ref("fct_sales") }} as sales
inner join
    {{ ref("stg_shopify__order_lines") }} as lines
    on sales.order_line_key = 'shopify:' || lines.order_id || ':' || lines.order_line_id
where lines.is_gift_card
