-- What lies in the two warehouses, written down each Sunday night, and what a piece costs. Stock
-- goes down with the orders and up in lots two weeks after they were needed; where it does not
-- last, the shelf is empty.
create temp table stock_weeks as
with
    weeks as (
        select
            row_number() over (order by day_date) - 1 as week_number,
            day_date
        from days
        where isodow(day_date) = 7
    ),

    places as (
        select
            variant_number,
            location_number,
            -- the last count is what the variant shows
            case location_number
                when 1 then in_stock - in_stock * 3 // 10 else in_stock * 3 // 10
            end as last_count,
            case location_number when 1 then 40 else 15 end as lot
        from
            (
                select variant_number, 20 + draw_int('stock', variant_number, 180) as in_stock
                from variants
                where category <> 'Gift Cards'
            ) as counted
        cross join range(1, 3) as place(location_number)
    ),

    sold as (
        select
            variant_number,
            case when orders.currency in ('USD', 'JPY') then 2 else 1 end as location_number,
            least(
                (order_date - getvariable('first_day')) // 7,
                (select max(week_number) from weeks)
            ) as week_number,
            sum(quantity)::bigint as units
        from order_lines
        inner join orders using (order_id)
        where orders.platform = 'shopify' and is_valid
        group by all
    ),

    moved as (
        select
            places.*,
            weeks.week_number,
            weeks.day_date,
            coalesce(units, 0) as units,
            coalesce(
                sum(units) over (
                    partition by places.variant_number, places.location_number
                    order by weeks.week_number
                    rows unbounded preceding
                ),
                0
            )::bigint as units_so_far,
            coalesce(
                sum(units) over (
                    partition by places.variant_number, places.location_number
                    order by weeks.week_number
                    rows between unbounded preceding and 2 preceding
                ),
                0
            )::bigint as units_before
        from places
        cross join weeks
        left join sold using (variant_number, location_number, week_number)
    ),

    stocked as (
        select
            *,
            (lot * ((units_before + lot - 1) // lot)) - units_so_far as balance
        from moved
    )
select
    variant_number,
    location_number,
    week_number,
    day_date,
    greatest(
        0,
        last_count + balance - last_value(balance) over (
            partition by variant_number, location_number
            order by week_number
            rows between unbounded preceding and unbounded following
        )
    ) as available,
    units
from stocked;

create table landing.raw_data.shopify_inventory_levels as
with
    changed as (
        select
            *,
            lag(available) over (
                partition by variant_number, location_number order by week_number
            ) as available_before,
            (day_date::timestamp + interval 22 hour) as counted_at,
            (week_number * 2 + location_number) * 1024 + variant_number as row_key
        from stock_weeks
    ),

    loads as (
        select *, 0 as version, loaded_after(counted_at) as loaded_at
        from changed
        where available_before is distinct from available
    ),

    versioned as (
        select *
        from loads
        union all
        select * replace (1 as version, loaded_at + interval 6 hour as loaded_at)
        from loads
        where
            draw('level twice', row_key) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw shopify_inventory_levels', row_key * 2 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    stock_location_id(location_number)::varchar
    || '|'
    || shopify_inventory_item_id(variant_number)::varchar as id,
    shopify_inventory_item_id(variant_number) as inventory_item_id,
    stock_location_id(location_number) as location_id,
    available::bigint as available,
    counted_at at time zone 'UTC' as updated_at,
    to_json(
        [
            {'name': 'available', 'quantity': available, 'updatedAt': utc_text(counted_at)},
            {
                'name': 'on_hand',
                'quantity': available + least(available, units // 5),
                'updatedAt': utc_text(counted_at)
            }
        ]
    ) as quantities
from versioned
order by loaded_at, row_key, version;

create table landing.raw_data.shopify_inventory_items as
with
    priced as (
        select
            *,
            price_eur * (42 + draw_int('unit cost', product_number, 17)) // 100 as cost_cents,
            getvariable('window_start') - to_days((40 + product_number * 7)::int) as created_at
        from variants
    ),

    versioned as (
        select
            *,
            0 as version,
            case
                when variant_number % 10 = 3
                then getvariable('window_start') + interval 200 day
                else created_at + interval 2 day
            end as updated_at
        from priced
        union all
        -- before the supplier's last rise
        select * replace (cost_cents * 94 // 100 as cost_cents), 1, created_at + interval 2 day
        from priced
        where variant_number % 10 = 3
    ),

    loads as (
        select *, loaded_after(greatest(updated_at, getvariable('window_start'))) as loaded_at
        from versioned
    )
select
    draw_uuid('raw shopify_inventory_items', variant_number * 2 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    shopify_inventory_item_id(variant_number) as id,
    sku,
    case when category <> 'Gift Cards' then money_number(cost_cents, 'EUR') end as cost,
    category <> 'Gift Cards' as tracked,
    created_at at time zone 'UTC' as created_at,
    updated_at at time zone 'UTC' as updated_at
from loads
order by loaded_at, variant_number, version;
