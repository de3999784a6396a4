-- what a stock location ships is counted there, from the first count of the product on
with
    shipped as (
        select sales.product_key, locations.location_id, sum(sales.quantity) as units
        from {{ ref("fct_sales") }} as sales
        inner join {{ ref("stock_locations") }} as locations using (store)
        inner join
            (
                select product_key, location_id, min(date) as first_date
                from {{ ref("inventory_daily") }}
                group by 1, 2
            ) as counted
            on counted.product_key = sales.product_key
            and counted.location_id = locations.location_id
            and sales.order_date >= counted.first_date
        group by 1, 2
    ),

    stocked as (
        select product_key, location_id, sum(units_sold) as units
        from {{ ref("inventory_daily") }}
        group by 1, 2
    )
select product_key, location_id, shipped.units as shipped_units, stocked.units as stocked_units
from shipped
full join stocked using (product_key, location_id)
where coalesce(shipped.units, 0) != coalesce(stocked.units, 0)
