-- the refunds of a line, each on its day, are what the sale has lost, to the cent
with

    given_back as (
        select order_line_key, sum(refund_amount) as refund_amount
        from {{ ref("fct_refunds") }}
        group by 1
    )

select sales.order_line_key, sales.refund_amount, given_back.refund_amount as given_back
from {{ ref("fct_sales") }} as sales
left join given_back using (order_line_key)
where sales.refund_amount != coalesce(given_back.refund_amount, 0)
