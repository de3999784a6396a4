-- grain: one row per line of a valid order, gift cards left out
{{ fed_by(["shopify", "woocommerce"]) }}
{{
    config(
        materialized="incremental",
        unique_key="order_line_key",
        incremental_strategy="replace_touched",
        meta={"entity": "order_key", "row_key": "order_line_key"},
        on_schema_change="fail",
        pre_hook="{{ open_consumed('products') }}",
        post_hook="{{ remember_consumed('products', stamps_of_products()) }}",
    )
}}
with

    lines as not materialized(
        select * from {{ ref("int_order_lines_priced") }} where is_valid_order
    ),

    orders as not materialized(select * from {{ ref("fct_orders") }}),

    products as (select * from {{ ref("dim_products") }}),

    costs as (select * from {{ ref("int_product_costs") }}),

    {% if is_incremental() %}
        changed_products as ({{ changed_since_consumed("products", stamps_of_products()) }}),

        sold as (
            select
                lines.*,
                orders.master_customer_id,
                orders.store,
                orders.channel,
                orders.is_first_order
            from lines
            inner join orders using (order_key)
        ),

        touched as (
            {{
                touched(
                    "sold",
                    "order_key",
                    [
                        "order_line_key",
                        "refunded_quantity",
                        "gross_sales",
                        "discount_amount",
                        "refund_amount",
                        "net_sales_local",
                        "loaded_at",
                        "master_customer_id",
                        "store",
                        "channel",
                        "is_first_order",
                    ],
                )
            }}
            union
            select order_key
            from lines
            where hash(product_key) in (select key_hash from changed_products)
            union
            select order_key
            from
                lines
                {{
                    arrived_since(
                        "lines.loaded_at", "lines.source_system", column="source_system"
                    )
                }}
        ),
    {% endif %}

    costed as (
        select
            lines.*,
            products.product_name,
            products.category,
            -- what came back is on the shelf again
            cast(
                costs.unit_cost * (lines.quantity - lines.refunded_quantity) as decimal(18, 2)
            ) as cost_amount
        from lines
        {% if is_incremental() %} semi join touched using (order_key) {% endif %}
        left join products using (product_key)
        left join
            costs
            on costs.product_key = lines.product_key
            and lines.order_date >= costs.valid_from
            and (lines.order_date < costs.valid_before or costs.valid_before is null)
    ),

    final as (
        select
            costed.order_line_key,
            costed.order_key,
            orders.master_customer_id,
            costed.product_key,
            costed.source_system,
            orders.store,
            orders.channel,
            costed.sku,
            costed.product_name,
            costed.category,
            costed.currency,
            costed.quantity,
            cast(costed.refunded_quantity as bigint) as refunded_quantity,
            costed.gross_sales,
            costed.discount_amount,
            costed.refund_amount,
            costed.net_sales,
            costed.net_sales_local,
            costed.cost_amount,
            cast(costed.net_sales - costed.cost_amount as decimal(18, 2)) as gross_margin,
            orders.is_first_order,
            costed.order_date,
            costed.ordered_at,
            costed.loaded_at
        from costed
        inner join orders using (order_key)
    )

select *
from final
{% if is_incremental() %}
    -- an order that is valid no longer is gone, and so is one without lines
    union all by name
    select order_key
    from touched
{% endif %}
