-- grain: one row per product variant and stock location, as on the last day of data
{{ fed_by(["shopify"]) }}
{%- set lead_time = var("lead_time_days") %}
with

    days as (select * from {{ ref("inventory_daily") }}),

    products as (select * from {{ ref("dim_products") }}),

    ranked as (select * from {{ ref("product_performance") }}),

    -- on a day without stock nothing can sell, so it says nothing about demand
    days_summed_to_product as (
        select
            product_key,
            location_id,
            max(location_name) as location_name,
            arg_max(on_hand, date) as on_hand,
            arg_max(available, date) as available,
            arg_max(stock_value, date) filter (where date = {{ as_of_date() }}) as stock_value,
            count(*) filter (
                where date > {{ as_of_date() }} - 28 and not is_stockout
            ) as days_in_stock_28d,
            sum(units_sold) filter (where date > {{ as_of_date() }} - 28) as units_sold_28d,
            avg(units_sold) filter (
                where date > {{ as_of_date() }} - 28 and not is_stockout
            ) as avg_daily_units_28d,
            sum(units_sold) filter (
                where date > {{ as_of_date() }} - 28 and not is_stockout
            ) as units_in_stock_28d,
            sum(units_sold * units_sold) filter (
                where date > {{ as_of_date() }} - 28 and not is_stockout
            ) as squared_units_28d,
            sum(units_sold) filter (where date > {{ as_of_date() }} - 365) as units_sold_365d,
            avg(on_hand) filter (where date > {{ as_of_date() }} - 365) as average_on_hand_365d,
            count(*) filter (where date > {{ as_of_date() }} - 365) as days_counted_365d,
            count(*) filter (
                where date > {{ as_of_date() }} - {{ var("dead_stock_days") }}
            ) as days_counted_lately,
            coalesce(
                sum(units_sold) filter (
                    where date > {{ as_of_date() }} - {{ var("dead_stock_days") }}
                ),
                0
            ) as units_sold_lately,
            max(date) filter (where units_sold > 0) as last_sold_date
        from days
        group by 1, 2
    ),

    -- the sample's deviation out of whole numbers: stddev_samp goes by the order of the rows
    spread as (
        select
            * exclude (units_in_stock_28d, squared_units_28d),
            case
                when days_in_stock_28d > 1
                then
                    sqrt(
                        (
                            days_in_stock_28d * squared_units_28d
                            - units_in_stock_28d * units_in_stock_28d
                        )
                        / (days_in_stock_28d * (days_in_stock_28d - 1))
                    )
            end as stddev_daily_units_28d
        from days_summed_to_product
    ),

    -- demand of the lead time and what keeps stock from running out in most of them
    planned as (
        select
            *,
            cast(
                ceil(
                    round(
                        avg_daily_units_28d * {{ lead_time }}
                        + {{ var("service_level_z") }}
                        * coalesce(stddev_daily_units_28d, 0)
                        * sqrt({{ lead_time }}),
                        6
                    )
                ) as bigint
            ) as reorder_point
        from spread
    ),

    final as (
        select
            planned.product_key,
            planned.location_id,
            planned.location_name,
            products.sku,
            products.product_name,
            products.category,
            ranked.abc_class,
            planned.on_hand,
            planned.available,
            planned.stock_value,
            cast(coalesce(planned.units_sold_28d, 0) as bigint) as units_sold_28d,
            planned.days_in_stock_28d,
            planned.avg_daily_units_28d,
            planned.stddev_daily_units_28d,
            case
                when planned.available <= 0
                then 0
                else planned.available / nullif(planned.avg_daily_units_28d, 0)
            end as days_of_cover,
            planned.units_sold_28d
            / nullif(planned.units_sold_28d + planned.on_hand, 0) as sell_through_rate,
            planned.units_sold_365d
            * 365
            / nullif(planned.average_on_hand_365d * planned.days_counted_365d, 0) as turnover,
            planned.reorder_point,
            planned.available <= 0 as is_stockout,
            not products.is_deleted
            and case
                when planned.days_in_stock_28d = 0
                then planned.units_sold_lately > 0
                else planned.reorder_point > 0 and planned.available <= planned.reorder_point
            end as is_reorder_due,
            planned.on_hand > 0
            and planned.units_sold_lately = 0
            and planned.days_counted_lately = {{ var("dead_stock_days") }} as is_dead_stock,
            planned.last_sold_date,
            {{ as_of_date() }} as as_of_date
        from planned
        left join products using (product_key)
        left join ranked using (product_key)
    )

select *
from final
