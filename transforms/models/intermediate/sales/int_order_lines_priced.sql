-- grain: one row per order line without gift cards, in the reporting currency
{{
    config(
        materialized="incremental",
        unique_key="order_line_key",
        incremental_strategy="replace_touched",
        meta={"entity": "order_key", "row_key": "order_line_key"},
        on_schema_change="fail",
    )
}}
{%- set of_order = ["order_key", "is_valid_order", "fx_rate", "loaded_at"] %}
{%- set given_back = "order_key, order_line_key, refunded_quantity, refund_local" %}
with

    fx_rates as (select * from {{ ref("int_fx_rates_filled") }}),

    orders as not materialized(
        select orders.*, fx_rates.fx_rate
        from {{ ref("int_orders_unioned") }} as orders
        left join
            fx_rates
            on fx_rates.currency = orders.currency
            and fx_rates.rate_date = orders.order_date
    ),

    refunds as (
        select *
        from {{ ref("int_refunds_allocated") }}
        where refunded_quantity != 0 or refund_local != 0
    ),

    {% if is_incremental() %}
        known_refunds as (
            select * from {{ this }} where refunded_quantity != 0 or refund_local != 0
        ),

        touched as (
            -- lines come with their order, so they are of its arrival
            select order_key
            from ({{ unlike_known("orders", of_order) }})
            union
            select order_key
            from
                orders
                {{
                    arrived_since(
                        "orders.loaded_at",
                        "orders.source_system",
                        column="source_system",
                    )
                }}
            union
            select order_key
            from
                (
                    select {{ given_back }}
                    from refunds
                    except
                    select {{ given_back }}
                    from known_refunds
                )
            union
            select order_key
            from
                (
                    select {{ given_back }}
                    from known_refunds
                    except
                    select {{ given_back }}
                    from refunds
                )
        ),
    {% endif %}

    lines as (
        select *
        from {{ ref("int_order_lines_unioned") }}
        {% if is_incremental() %} semi join touched using (order_key) {% endif %}
    ),

    converted as (
        select
            lines.order_line_key,
            lines.order_key,
            lines.product_key,
            lines.source_system,
            lines.order_line_id,
            lines.sku,
            lines.product_title,
            orders.currency,
            lines.quantity,
            coalesce(refunds.refunded_quantity, 0) as refunded_quantity,
            orders.fx_rate,
            {{ convert_currency("lines.gross_local", "orders.fx_rate") }} as gross_sales,
            {{ convert_currency("lines.discount_local", "orders.fx_rate") }} as discount_amount,
            {{ convert_currency("coalesce(refunds.refund_local, 0)", "orders.fx_rate") }}
            as refund_amount,
            {{ money("refunds.refund_local") }} as refund_local,
            cast(lines.gross_local - lines.discount_local as decimal(18, 2)) as sales_local,
            orders.is_valid_order,
            orders.order_date,
            orders.ordered_at,
            lines.loaded_at
        from lines
        inner join orders using (order_key)
        left join refunds using (order_line_key)
    ),

    final as (
        select
            * exclude (
                sales_local, refund_local, is_valid_order, order_date, ordered_at, loaded_at
            ),
            cast(gross_sales - discount_amount - refund_amount as decimal(18, 2)) as net_sales,
            refund_local,
            cast(sales_local - refund_local as decimal(18, 2)) as net_sales_local,
            is_valid_order,
            order_date,
            ordered_at,
            loaded_at
        from converted
    )

select *
from final
{% if is_incremental() %}
    -- of an order without lines, what it held is gone
    union all by name
    select order_key
    from touched
{% endif %}
