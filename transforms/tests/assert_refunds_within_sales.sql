-- nobody gets back more than was paid for the line; a cent either way is rounding of the exchange
select order_line_key, gross_sales, discount_amount, refund_amount
from {{ ref("fct_sales") }}
where refund_amount > gross_sales - discount_amount + 0.01
