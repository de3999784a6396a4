-- grain: one row per order line that a refund names or has a part of, with all of them added up
with

    refunds as (select * from {{ ref("int_refund_lines_allocated") }}),

    final as (
        select
            order_line_key,
            order_key,
            cast(sum(refunded_quantity) as bigint) as refunded_quantity,
            {{ money("sum(line_refund_local)") }} as line_refund_local,
            {{ money("sum(allocated_refund_local)") }} as allocated_refund_local,
            {{ money("sum(refund_local)") }} as refund_local
        from refunds
        group by 1, 2
    )

select *
from final
