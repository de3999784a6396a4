-- SKUs as they are in a catalogue that people keep by hand: a product deleted after it was sold, a
-- SKU taken over from a deleted product, variants and products without one; one that was deleted
-- by mistake and restored. Each set is drawn up before it is added: an insert that reads its own
-- table may meet its own rows.
create temp table odd_products as
with
    last_sales as (
        select product_number, max(ordered_at) as last_sold_at
        from order_lines
        inner join orders using (order_id)
        inner join variants using (variant_number)
        group by product_number
    ),

    deletions as (
        select
            12 as product_number,
            'deleted' as fault,
            least(
                coalesce(last_sold_at, getvariable('window_start')) + interval 1 day,
                getvariable('window_end') - interval 1 hour
            ) as deleted_moment
        from (values (12)) as gone(product_number)
        left join last_sales using (product_number)
        union all
        select 40, 'restored', getvariable('window_start') + interval 100 day
    )
select
    landed.* replace (
        draw_uuid('raw deleted product', product_number) as _airbyte_raw_id,
        loaded_after(deleted_moment) at time zone 'UTC' as _airbyte_extracted_at,
        load_meta(loaded_after(deleted_moment)) as _airbyte_meta,
        'archived' as status,
        deleted_moment at time zone 'UTC' as updated_at,
        deleted_moment at time zone 'UTC' as deleted_at
    )
from landing.raw_data.shopify_products as landed
inner join deletions on landed.id = shopify_product_id(product_number)
union all
select
    landed.* replace (
        draw_uuid('raw restored product', product_number) as _airbyte_raw_id,
        loaded_after(deleted_moment + interval 2 day) at time zone 'UTC' as _airbyte_extracted_at,
        load_meta(loaded_after(deleted_moment + interval 2 day)) as _airbyte_meta,
        (deleted_moment + interval 2 day) at time zone 'UTC' as updated_at
    )
from landing.raw_data.shopify_products as landed
inner join deletions on landed.id = shopify_product_id(product_number)
where fault = 'restored'
union all
-- the first edition, whose SKU the second one took over
select
    landed.* replace (
        draw_uuid('raw first edition', 42) as _airbyte_raw_id,
        shopify_product_id(42) as id,
        'Alder Daypack 22 (first edition)' as title,
        'alder-daypack-22-first-edition' as handle,
        'archived' as status,
        landed.created_at - interval 700 day as created_at,
        landed.created_at - interval 10 day as updated_at,
        landed.published_at - interval 700 day as published_at,
        landed.created_at - interval 10 day as deleted_at
    )
from landing.raw_data.shopify_products as landed
where landed.id = shopify_product_id(1)
union all
-- sold over the counter only, and never given a SKU
select
    landed.* replace (
        draw_uuid('raw counter product', 43) as _airbyte_raw_id,
        shopify_product_id(43) as id,
        'Trail Map, folded' as title,
        'trail-map-folded' as handle,
        null as published_at
    )
from landing.raw_data.shopify_products as landed
where landed.id = shopify_product_id(40) and landed.deleted_at is null;

insert into landing.raw_data.shopify_products
from odd_products;

create temp table odd_variants as
select
    landed.* replace (
        draw_uuid('raw first edition variant', 42) as _airbyte_raw_id,
        shopify_variant_id(42 * 4) as id,
        shopify_product_id(42) as product_id,
        shopify_inventory_item_id(42 * 4) as inventory_item_id,
        '4059000000421' as barcode,
        0 as inventory_quantity,
        landed.created_at - interval 700 day as created_at,
        landed.created_at - interval 10 day as updated_at
    )
from landing.raw_data.shopify_product_variants as landed
where landed.id = shopify_variant_id(4)
union all
select
    landed.* replace (
        draw_uuid('raw counter variant', 43) as _airbyte_raw_id,
        shopify_variant_id(43 * 4) as id,
        shopify_product_id(43) as product_id,
        shopify_inventory_item_id(43 * 4) as inventory_item_id,
        null as sku,
        null as barcode,
        4.5 as price,
        null as compare_at_price,
        0 as inventory_quantity
    )
from landing.raw_data.shopify_product_variants as landed
where landed.id = shopify_variant_id(40 * 4);

insert into landing.raw_data.shopify_product_variants
from odd_variants;

create temp table odd_outlet_products as
select
    landed.* replace (
        draw_uuid('raw woocommerce surprise', 44) as _airbyte_raw_id,
        woocommerce_product_id(44 * 4) as id,
        'Surprise bag' as name,
        'surprise-bag' as slug,
        '' as sku,
        0 as total_sales
    )
from landing.raw_data.woocommerce_products as landed
where landed.id = woocommerce_product_id(40 * 4);

insert into landing.raw_data.woocommerce_products
from odd_outlet_products;
