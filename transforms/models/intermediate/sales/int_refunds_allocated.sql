-- grain: one row per order line without gift cards, with all that was ever refunded of it
with

    lines as (select * from {{ ref("int_order_lines_unioned") }}),

    shopify_refunds as (select * from {{ ref("stg_shopify__refunds") }}),

    shopify_refund_lines as (select * from {{ ref("stg_shopify__refund_lines") }}),

    woocommerce_refunds as (select * from {{ ref("stg_woocommerce__refunds") }}),

    woocommerce_orders as (select * from {{ ref("stg_woocommerce__orders") }}),

    minor_units as (
        select
            orders.order_key, cast(pow(10, coalesce(currencies.decimals, 2)) as bigint) as per_unit
        from {{ ref("int_orders_unioned") }} as orders
        left join {{ ref("currencies") }} as currencies using (currency)
    ),

    refunded_lines as (
        select
            {{ order_key("'shopify'", "order_id") }} || ':' || order_line_id as order_line_key,
            sum(quantity) as refunded_quantity,
            sum(subtotal) as refund_local
        from shopify_refund_lines
        group by 1
    ),

    -- what a refund gives back without naming lines; base is the amount that it is a part of
    unallocated as (
        select
            {{ order_key("'shopify'", "order_id") }} as order_key,
            sum(discrepancy_amount) as amount_local,
            cast(null as decimal(18, 2)) as base_local
        from shopify_refunds
        group by 1
        union all
        select
            {{ order_key("'woocommerce'", "woocommerce_refunds.order_id") }},
            sum(woocommerce_refunds.refund_total),
            any_value(woocommerce_orders.total_price)
        from woocommerce_refunds
        inner join woocommerce_orders using (order_id)
        group by 1
    ),

    -- weights in whole cents, or whole yen, with their running sum
    weighted as (
        select
            lines.order_line_key,
            lines.order_key,
            unallocated.amount_local,
            minor_units.per_unit,
            cast(
                (lines.gross_local - lines.discount_local) * minor_units.per_unit as hugeint
            ) as weight,
            cast(
                sum(lines.gross_local - lines.discount_local) over (
                    partition by lines.order_key
                    order by cast(lines.order_line_id as bigint), lines.order_line_key
                )
                * minor_units.per_unit as hugeint
            ) as running_weight,
            cast(
                coalesce(
                    unallocated.base_local,
                    sum(lines.gross_local - lines.discount_local) over (
                        partition by lines.order_key
                    )
                )
                * minor_units.per_unit as hugeint
            ) as total_weight
        from lines
        inner join minor_units using (order_key)
        inner join unallocated using (order_key)
        where unallocated.amount_local != 0
    ),

    -- differences of rounded running shares add up to the whole amount
    allocated as (
        select
            order_line_key,
            {{ cumulative_share("amount_local", "running_weight", "total_weight", "per_unit") }}
            - {{
                cumulative_share(
                    "amount_local", "running_weight - weight", "total_weight", "per_unit"
                )
            }} as allocated_local
        from weighted
    ),

    final as (
        select
            lines.order_line_key,
            lines.order_key,
            coalesce(refunded_lines.refunded_quantity, 0) as refunded_quantity,
            coalesce(refunded_lines.refund_local, 0) as line_refund_local,
            coalesce(allocated.allocated_local, 0) as allocated_refund_local,
            cast(
                coalesce(refunded_lines.refund_local, 0)
                + coalesce(allocated.allocated_local, 0) as decimal(18, 2)
            ) as refund_local
        from lines
        left join refunded_lines using (order_line_key)
        left join allocated using (order_line_key)
    )

select *
from final
