-- Shopify as its connector lands it: the catalogue, which all four stores share.
create table landing.raw_data.shopify_products as
with
    dated as (
        select
            *, getvariable('window_start') - to_days((40 + product_number * 7)::int) as created_at
        from products
    )
select
    draw_uuid('raw shopify_products', product_number) as _airbyte_raw_id,
    loaded_after(getvariable('window_start')) at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_after(getvariable('window_start'))) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    shopify_product_id(product_number) as id,
    title,
    lower(replace(replace(title, ' ', '-'), '.', '-')) as handle,
    category as product_type,
    'Kestrel & Pine' as vendor,
    case when product_number = 12 then 'archived' else 'active' end as status,
    case season when 'all' then 'year-round' else season end as tags,
    created_at at time zone 'UTC' as created_at,
    (created_at + interval 3 day) at time zone 'UTC' as updated_at,
    (created_at + interval 1 day) at time zone 'UTC' as published_at,
    null::timestamptz as deleted_at
from dated;

create table landing.raw_data.shopify_product_variants as
select
    draw_uuid('raw shopify_product_variants', variant_number) as _airbyte_raw_id,
    loaded_after(getvariable('window_start')) at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_after(getvariable('window_start'))) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    shopify_variant_id(variant_number) as id,
    shopify_product_id(product_number) as product_id,
    shopify_inventory_item_id(variant_number) as inventory_item_id,
    sku,
    option_title as title,
    option_title as option1,
    null::varchar as option2,
    null::varchar as option3,
    '40' || lpad((59000000 + variant_number * 317)::varchar, 11, '0') as barcode,
    price_eur / 100.0::double as price,
    case
        when variant_number % 9 = 0 then (price_eur * 120 // 10000)::varchar || '.00'
    end as compare_at_price,
    20 + draw_int('stock', variant_number, 180) as inventory_quantity,
    (
        getvariable('window_start') - to_days((40 + product_number * 7)::int)
    ) at time zone 'UTC' as created_at,
    (
        getvariable('window_start') - to_days((37 + product_number * 7)::int)
    ) at time zone 'UTC' as updated_at
from variants;
