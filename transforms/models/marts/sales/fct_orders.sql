-- grain: one row per valid order of either shop
{{ fed_by(["shopify", "woocommerce"]) }}
{{
    config(
        materialized="incremental",
        unique_key="order_key",
        incremental_strategy="replace_touched",
        meta={"entity": "order_key", "row_key": "loaded_at"},
        on_schema_change="fail",
    )
}}
{%- set told = [
    "order_key",
    "channel",
    "campaign",
    "line_count",
    "quantity",
    "gross_sales",
    "discount_amount",
    "refund_amount",
    "net_sales",
    "fx_rate",
    "loaded_at",
] %}
with

    orders as not materialized(select * from {{ ref("int_orders_unioned") }} where is_valid_order),

    lines as (select * from {{ ref("int_order_lines_priced") }}),

    order_identities as (select * from {{ ref("int_order_identities") }}),

    identity_map as (select * from {{ ref("int_customer_identity_map") }}),

    channels as (select * from {{ ref("int_order_channels") }}),

    fx_rates as (select * from {{ ref("int_fx_rates_filled") }}),

    lines_summed_to_order as (
        select
            order_key,
            count(*) as line_count,
            cast(sum(quantity) as bigint) as quantity,
            {{ money("sum(gross_sales)") }} as gross_sales,
            {{ money("sum(discount_amount)") }} as discount_amount,
            {{ money("sum(refund_amount)") }} as refund_amount,
            {{ money("sum(net_sales)") }} as net_sales
        from lines
        group by 1
    ),

    -- what other models tell of an order, and who gave it
    told as (
        select
            orders.order_key,
            channels.channel,
            channels.campaign,
            coalesce(lines.line_count, 0) as line_count,
            coalesce(lines.quantity, 0) as quantity,
            {{ money("lines.gross_sales") }} as gross_sales,
            {{ money("lines.discount_amount") }} as discount_amount,
            {{ money("lines.refund_amount") }} as refund_amount,
            {{ money("lines.net_sales") }} as net_sales,
            fx_rates.fx_rate,
            orders.loaded_at
        from orders
        left join lines_summed_to_order as lines using (order_key)
        left join channels using (order_key)
        left join
            fx_rates
            on fx_rates.currency = orders.currency
            and fx_rates.rate_date = orders.order_date
    ),

    ordered as (
        select orders.order_key, identity_map.master_customer_id, orders.ordered_at
        from orders
        inner join order_identities using (order_key)
        inner join identity_map using (identifier_key)
    ),

    {% if is_incremental() %}
        -- of whom an order came, went or moved in time: theirs are numbered anew
        touched_people as (
            {{ touched("ordered", "master_customer_id", ["order_key", "ordered_at"]) }}
        ),

        touched as (
            select order_key
            from ordered
            semi join touched_people using (master_customer_id)
            union
            select order_key
            from {{ this }}
            semi join touched_people using (master_customer_id)
            union
            select order_key
            from ({{ unlike_known("told", told) }})
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
        ),
    {% endif %}

    numbered as (
        select
            order_key,
            master_customer_id,
            row_number() over (
                partition by master_customer_id order by ordered_at, order_key
            ) as order_sequence_number
        from ordered
        {% if is_incremental() %}
            where
                master_customer_id
                in (select master_customer_id from ordered semi join touched using (order_key))
        {% endif %}
    ),

    final as (
        select
            orders.order_key,
            numbered.master_customer_id,
            orders.order_id,
            orders.order_number,
            orders.source_system,
            orders.store,
            told.channel,
            told.campaign,
            orders.order_status,
            orders.currency,
            orders.country_code,
            numbered.order_sequence_number,
            told.line_count,
            told.quantity,
            told.gross_sales,
            told.discount_amount,
            told.refund_amount,
            told.net_sales,
            {{ convert_currency("orders.tax_local", "told.fx_rate") }} as tax_amount,
            {{ convert_currency("orders.shipping_local", "told.fx_rate") }} as shipping_amount,
            {{ convert_currency("orders.order_total_local", "told.fx_rate") }} as order_total,
            orders.order_total_local,
            told.fx_rate,
            numbered.order_sequence_number = 1 as is_first_order,
            told.refund_amount > 0 as is_refunded,
            orders.is_guest,
            orders.order_date,
            orders.ordered_at,
            orders.updated_at,
            told.loaded_at
        from orders
        inner join numbered using (order_key)
        inner join told using (order_key)
        {% if is_incremental() %}
            where orders.order_key in (select order_key from touched)
        {% endif %}
    )

select *
from final
{% if is_incremental() %}
    -- an order that is valid no longer is gone
    union all by name
    select order_key
    from touched
{% endif %}
