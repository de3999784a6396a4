-- The published rules, applied to raw_data alone by somebody who has not seen the generator.
create temp view newest_shopify_orders as
select * from raw_data.shopify_orders qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1;

create temp view newest_woocommerce_orders as
select * from raw_data.woocommerce_orders qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1;

create temp view newest_refunds as
select * from raw_data.shopify_order_refunds qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1;

create temp table order_lines as
with
    shopify as (
        select
            'shopify:' || id as order_key,
            (created_at at time zone 'Europe/Berlin')::date as order_date,
            not test and confirmed and cancelled_at is null and financial_status <> 'voided' as is_valid,
            currency,
            unnest(line_items::json[]) as line
        from newest_shopify_orders
    ),

    woocommerce as (
        select
            'woocommerce:' || id as order_key,
            ((date_created_gmt at time zone 'UTC') at time zone 'Europe/Berlin')::date as order_date,
            status in ('processing', 'completed', 'refunded') as is_valid,
            currency,
            total,
            refunds,
            unnest(line_items::json[]) as line
        from newest_woocommerce_orders
    ),

    refunds_by_line as (
        select (part ->> '$.line_item_id')::bigint as line_id, sum((part ->> '$.subtotal')::decimal(18, 2)) as refund
        from (select unnest(refund_line_items::json[]) as part from newest_refunds)
        group by line_id
    ),

    adjustments as (
        select 'shopify:' || order_id as order_key, -sum((part ->> '$.amount')::decimal(18, 2)) as adjustment
        from (select order_id, unnest(order_adjustments::json[]) as part from newest_refunds)
        where part ->> '$.kind' = 'refund_discrepancy'
        group by order_key
    ),

    priced as (
        select
            order_key,
            order_date,
            is_valid,
            currency,
            (line ->> '$.id')::bigint as line_id,
            ((line ->> '$.price')::decimal(18, 2) * (line ->> '$.quantity')::bigint)::decimal(18, 2) as gross,
            coalesce(
                list_sum(list_transform(from_json(line -> '$.discount_allocations', '["json"]'), lambda part: (part ->> '$.amount')::decimal(18, 2))),
                0
            )::decimal(18, 2) as discount,
            coalesce(refunds_by_line.refund, 0)::decimal(18, 2) as line_refund,
            coalesce(adjustment, 0)::decimal(18, 2) as adjustment,
            null::decimal(18, 2) as whole
        from shopify
        left join refunds_by_line on (line ->> '$.id')::bigint = refunds_by_line.line_id
        left join adjustments using (order_key)
        where not (line ->> '$.gift_card')::boolean
        union all
        select
            order_key,
            order_date,
            is_valid,
            currency,
            (line ->> '$.id')::bigint,
            (line ->> '$.subtotal')::decimal(18, 2),
            (line ->> '$.subtotal')::decimal(18, 2) - (line ->> '$.total')::decimal(18, 2),
            0,
            coalesce(-list_sum(list_transform(refunds::json[], lambda refund: (refund ->> '$.total')::decimal(18, 2))), 0)::decimal(18, 2),
            total::decimal(18, 2)
        from woocommerce
    ),

    counted as (
        select
            *,
            (case currency when 'JPY' then 1 else 100 end)::bigint as minor,
            ((gross - discount) * minor)::bigint as weight,
            sum(weight) over (partition by order_key order by line_id) as running,
            coalesce((whole * minor)::bigint, sum(weight) over (partition by order_key)) as total_weight,
            abs((adjustment * minor)::bigint) as amount
        from priced
    ),

    refunded as (
        select
            *,
            line_refund + case
                when amount = 0 then 0::decimal(18, 2)
                else (
                    sign(adjustment) * (
                        (2 * amount * running + total_weight) // (2 * total_weight)
                        - (2 * amount * (running - weight) + total_weight) // (2 * total_weight)
                    )
                )::decimal(18, 2) / minor
            end::decimal(18, 2) as refund
        from counted
    )
select
    order_key,
    line_id,
    order_date,
    is_valid,
    round(gross * rate, 2)::decimal(18, 2) as gross_sales,
    round(discount * rate, 2)::decimal(18, 2) as discount_amount,
    round(refund::decimal(18, 2) * rate, 2)::decimal(18, 2) as refund_amount,
    (gross_sales - discount_amount - refund_amount)::decimal(18, 2) as net_sales
from (
    select refunded.*, case when currency = 'EUR' then 1 else fx_rates.rate end::decimal(18, 8) as rate
    from refunded
    asof left join raw_data.fx_rates on refunded.currency = fx_rates.from_currency and refunded.order_date >= fx_rates.rate_date
);
