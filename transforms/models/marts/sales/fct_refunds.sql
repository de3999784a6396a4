-- grain: one row per refund and line of a valid order that it gives something back of
{{ fed_by(["shopify", "woocommerce"]) }}
with

    refunds as (select * from {{ ref("int_refund_lines_allocated") }}),

    sales as (select * from {{ ref("fct_sales") }}),

    fx_rates as (select * from {{ ref("int_fx_rates_filled") }}),

    in_turn as (
        select
            *,
            sum(refund_local) over (
                partition by order_line_key
                order by refunded_at, refund_key
                rows unbounded preceding
            ) as running_local
        from refunds
    ),

    -- running amounts are converted and then parted, so the parts add up to the line's refund
    final as (
        select
            refunds.refund_line_key,
            refunds.refund_key,
            refunds.order_line_key,
            refunds.order_key,
            sales.master_customer_id,
            sales.product_key,
            sales.source_system,
            sales.store,
            sales.currency,
            refunds.refunded_quantity,
            cast(
                {{ convert_currency("refunds.running_local", "fx_rates.fx_rate") }}
                - {{
                    convert_currency(
                        "refunds.running_local - refunds.refund_local", "fx_rates.fx_rate"
                    )
                }} as decimal(18, 2)
            ) as refund_amount,
            refunds.refund_local as refund_amount_local,
            {{ reporting_date("refunds.refunded_at") }} - sales.order_date as days_to_refund,
            refunds.is_refund_date_estimated,
            {{ reporting_date("refunds.refunded_at") }} as refund_date,
            sales.order_date,
            {{ as_of_date() }} as data_through_date,
            refunds.refunded_at,
            refunds.loaded_at
        from in_turn as refunds
        inner join sales using (order_line_key)
        left join
            fx_rates on fx_rates.currency = sales.currency and fx_rates.rate_date = sales.order_date
    )

select *
from final
