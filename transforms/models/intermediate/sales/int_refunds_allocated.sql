-- grain: one row per order line without gift cards, with all that was ever refunded of it
with

    lines as (select * from {{ ref("int_order_lines_unioned") }}),

    refunds as (select * from {{ ref("int_refund_lines_allocated") }}),

    refunds_summed_to_line as (
        select
            order_line_key,
            cast(sum(refunded_quantity) as bigint) as refunded_quantity,
            sum(line_refund_local) as line_refund_local,
            sum(allocated_refund_local) as allocated_refund_local,
            sum(refund_local) as refund_local
        from refunds
        group by 1
    ),

    final as (
        select
            lines.order_line_key,
            lines.order_key,
            coalesce(refunds.refunded_quantity, 0) as refunded_quantity,
            {{ money("refunds.line_refund_local") }} as line_refund_local,
            {{ money("refunds.allocated_refund_local") }} as allocated_refund_local,
            {{ money("refunds.refund_local") }} as refund_local
        from lines
        left join refunds_summed_to_line as refunds using (order_line_key)
    )

select *
from final
