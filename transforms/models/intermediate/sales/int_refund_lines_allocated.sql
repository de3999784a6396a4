-- grain: one row per refund and order line that it gives something back of, gift cards left out
{{ config(materialized="table") }}
with

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

    -- unallocated is what a refund gives back without naming lines; base what it is a part of
    refunds as (
        select
            'shopify:' || refund_id as refund_key,
            {{ order_key("'shopify'", "order_id") }} as order_key,
            discrepancy_amount as unallocated_local,
            cast(null as decimal(18, 2)) as base_local,
            false as is_refund_date_estimated,
            coalesce(processed_at, created_at) as refunded_at,
            loaded_at
        from shopify_refunds
        union all
        -- the outlet names no day: the order's latest change is the nearest that is known
        select
            'woocommerce:' || woocommerce_refunds.refund_id,
            {{ order_key("'woocommerce'", "woocommerce_refunds.order_id") }},
            woocommerce_refunds.refund_total,
            woocommerce_orders.total_price,
            true,
            woocommerce_orders.updated_at,
            woocommerce_refunds.loaded_at
        from woocommerce_refunds
        inner join woocommerce_orders using (order_id)
    ),

    lines as (
        select *
        from {{ ref("int_order_lines_unioned") }}
        where order_key in (select order_key from refunds)
    ),

    refunds_in_turn as (
        select
            *,
            sum(unallocated_local) over (
                partition by order_key order by refunded_at, refund_key rows unbounded preceding
            ) as running_local
        from refunds
    ),

    -- weights in whole cents, or whole yen, with their running sum
    weighted as (
        select
            lines.order_line_key,
            lines.order_key,
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
                sum(lines.gross_local - lines.discount_local) over (partition by lines.order_key)
                * minor_units.per_unit as hugeint
            ) as lines_weight
        from lines
        inner join minor_units using (order_key)
    ),

    spread as (
        select
            refunds.refund_key,
            weighted.order_line_key,
            refunds.running_local as after_local,
            refunds.running_local - refunds.unallocated_local as before_local,
            weighted.running_weight,
            weighted.running_weight - weighted.weight as weight_before,
            coalesce(
                cast(refunds.base_local * weighted.per_unit as hugeint), weighted.lines_weight
            ) as total_weight,
            weighted.per_unit
        from refunds_in_turn as refunds
        inner join weighted using (order_key)
        where refunds.unallocated_local != 0
    ),

    -- differences of rounded running shares, over lines and over refunds, lose no cent
    parts as (
        select
            refund_key,
            order_line_key,
            0 as refunded_quantity,
            0 as line_refund_local,
            {{ cumulative_share("after_local", "running_weight", "total_weight", "per_unit") }}
            - {{ cumulative_share("after_local", "weight_before", "total_weight", "per_unit") }}
            - {{ cumulative_share("before_local", "running_weight", "total_weight", "per_unit") }}
            + {{ cumulative_share("before_local", "weight_before", "total_weight", "per_unit") }}
            as allocated_refund_local
        from spread
        union all
        select
            'shopify:' || refund_id,
            {{ order_key("'shopify'", "order_id") }} || ':' || order_line_id,
            quantity,
            subtotal,
            0
        from shopify_refund_lines
    ),

    summed as (
        select
            refund_key,
            order_line_key,
            cast(sum(refunded_quantity) as bigint) as refunded_quantity,
            {{ money("sum(line_refund_local)") }} as line_refund_local,
            {{ money("sum(allocated_refund_local)") }} as allocated_refund_local
        from parts
        group by 1, 2
    ),

    final as (
        select
            summed.refund_key || ':' || lines.order_line_id as refund_line_key,
            summed.refund_key,
            summed.order_line_key,
            lines.order_key,
            summed.refunded_quantity,
            summed.line_refund_local,
            summed.allocated_refund_local,
            cast(
                summed.line_refund_local + summed.allocated_refund_local as decimal(18, 2)
            ) as refund_local,
            refunds.is_refund_date_estimated,
            refunds.refunded_at,
            refunds.loaded_at
        from summed
        inner join lines using (order_line_key)
        inner join refunds using (refund_key)
    )

select *
from final
where refunded_quantity != 0 or refund_local != 0
