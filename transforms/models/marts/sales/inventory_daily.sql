-- grain: one row per day, product variant and stock location, from its first count on
{{ fed_by(["shopify"]) }}
with

    dates as (select * from {{ ref("dim_date") }} where date_day <= {{ as_of_date() }}),

    counts as (select * from {{ ref("int_stock_counts") }}),

    locations as (select * from {{ ref("stock_locations") }}),

    sales as (select * from {{ ref("fct_sales") }}),

    costs as (select * from {{ ref("int_product_costs") }}),

    -- a count holds until the next one; items under one SKU are one product
    stock_summed_to_product as (
        select
            dates.date_day as date,
            counts.product_key,
            counts.location_id,
            sum(counts.on_hand) as on_hand,
            sum(counts.available) as available,
            max(counts.counted_on) as last_counted_date
        from dates
        inner join
            counts
            on dates.date_day >= counts.counted_on
            and (dates.date_day < counts.next_counted_on or counts.next_counted_on is null)
        group by 1, 2, 3
    ),

    sales_summed_to_location as (
        select
            sales.order_date as date,
            sales.product_key,
            locations.location_id,
            sum(sales.quantity) as units_sold
        from sales
        inner join locations using (store)
        group by 1, 2, 3
    ),

    location_names as (select distinct location_id, location_name from locations),

    final as (
        select
            stock.product_key,
            stock.location_id,
            coalesce(location_names.location_name, stock.location_id) as location_name,
            cast(stock.on_hand as bigint) as on_hand,
            cast(stock.available as bigint) as available,
            cast(coalesce(sales.units_sold, 0) as bigint) as units_sold,
            cast(stock.on_hand * costs.unit_cost as decimal(18, 2)) as stock_value,
            stock.available <= 0 as is_stockout,
            stock.date,
            stock.last_counted_date
        from stock_summed_to_product as stock
        left join sales_summed_to_location as sales using (date, product_key, location_id)
        left join location_names using (location_id)
        left join
            costs
            on costs.product_key = stock.product_key
            and stock.date >= costs.valid_from
            and (stock.date < costs.valid_before or costs.valid_before is null)
    )

select *
from final
