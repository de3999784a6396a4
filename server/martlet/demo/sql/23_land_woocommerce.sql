-- The WooCommerce outlet as its connector lands it: money as text, times without a zone.
create table landing.raw_data.woocommerce_products as
with
    sold as (
        select variant_number, sum(quantity)::bigint as total_sales
        from order_lines
        where platform = 'woocommerce'
        group by variant_number
    )
select
    draw_uuid('raw woocommerce_products', variant_number) as _airbyte_raw_id,
    loaded_after(getvariable('window_start')) at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_after(getvariable('window_start'))) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    woocommerce_product_id(variant_number) as id,
    0::bigint as parent_id,
    title || ' ' || option_title as name,
    lower(sku) as slug,
    'simple' as type,
    'publish' as status,
    sku,
    money_text(price, 'EUR') as price,
    money_text(price, 'EUR') as regular_price,
    '' as sale_price,
    draw_int('outlet stock', variant_number, 60) as stock_quantity,
    case
        when draw_int('outlet stock', variant_number, 60) > 0 then 'instock' else 'outofstock'
    end as stock_status,
    true as manage_stock,
    coalesce(total_sales, 0) as total_sales,
    to_json(
        [
            {
                'id': 10 + (
                    select count(distinct other.category)
                    from products as other
                    where other.category < variants.category
                ),
                'name': category
            }
        ]
    ) as categories,
    getvariable('window_start') - interval 400 day as date_created_gmt,
    getvariable('window_start') - interval 30 day as date_modified_gmt
from variants
inner join price_list using (variant_number)
left join sold using (variant_number)
where
    price_list.platform = 'woocommerce'
    and price_list.currency = 'EUR'
    and category <> 'Gift Cards';

create temp table woocommerce_facts as
with
    joined as (
        select
            orders.*,
            order_contacts.* exclude (order_id, person_id, platform),
            order_totals.* exclude (order_id),
            refunds.kind as refund_kind,
            refunds.refunded_at,
            refunds.adjustment,
            refunds.refund_key,
            net + tax + order_totals.shipping as total,
            ordered_at
            + to_seconds(100000 + draw_int('fulfilled', orders.order_id, 90000)) as completed_moment
        from orders
        inner join order_contacts using (order_id)
        inner join order_totals using (order_id)
        left join refunds using (order_id)
        where orders.platform = 'woocommerce'
    )
select
    * exclude (completed_moment),
    case when is_valid then ordered_at + interval 2 minute end as paid_at,
    case
        when is_valid and completed_moment < getvariable('window_end') then completed_moment
    end as completed_at,
    greatest(ordered_at + interval 2 minute, completed_at, refunded_at) as updated_at
from joined;

create temp table woocommerce_line_json as
select
    order_id,
    to_json(
        list(
            {
                'id': line_id,
                'name': variants.title || ' ' || option_title,
                'product_id': woocommerce_product_id(variant_number),
                'variation_id': 0,
                'quantity': quantity,
                'subtotal': money_text(gross, currency),
                'total': money_text(net, currency),
                'total_tax': money_text(tax, currency),
                'sku': sku,
                'price': round(money_number(net, currency) / quantity, 6)
            }
            order by line_id
        )
    ) as line_items
from order_lines
inner join variants using (variant_number)
where platform = 'woocommerce'
group by order_id;

create table landing.raw_data.woocommerce_orders as
with
    loads as (
        select
            *,
            loaded_after(updated_at) as loaded_at,
            loaded_after(ordered_at + interval 2 minute) as first_loaded_at
        from woocommerce_facts
    ),

    versioned as (
        select *, 0 as version
        from loads
        union all
        select
            * replace (
                first_loaded_at as loaded_at,
                ordered_at + interval 2 minute as updated_at,
                null as completed_at,
                null as refund_kind
            ),
            1
        from loads
        where draw('older order', order_id) < 0.03 and first_loaded_at < loaded_at
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 2
        from loads
        where
            draw('order twice', order_id) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw woocommerce_orders', order_id * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    platform_order_id as id,
    0::bigint as parent_id,
    platform_order_id::varchar as number,
    'wc_order_' || left(md5('order key' || order_id::varchar), 13) as order_key,
    case
        when not is_valid
        then invalid_reason
        when refund_kind = 'full'
        then 'refunded'
        when completed_at is not null
        then 'completed'
        else 'processing'
    end as status,
    currency,
    shop_time(ordered_at) as date_created,
    ordered_at as date_created_gmt,
    shop_time(updated_at) as date_modified,
    updated_at as date_modified_gmt,
    shop_time(paid_at) as date_paid,
    paid_at as date_paid_gmt,
    shop_time(completed_at) as date_completed,
    completed_at as date_completed_gmt,
    money_text(total, currency) as total,
    money_text(tax, currency) as total_tax,
    money_text(discount, currency) as discount_total,
    money_text(shipping, currency) as shipping_total,
    '0.00' as shipping_tax,
    money_text(tax, currency) as cart_tax,
    false as prices_include_tax,
    customer_id,
    fake_ip(versioned.person_id) as customer_ip_address,
    user_agent(browser) as customer_user_agent,
    to_json(
        {
            'first_name': first_name,
            'last_name': last_name,
            'company': '',
            'address_1': '',
            'city': '',
            'state': '',
            'postcode': '',
            'country': versioned.country,
            'email': email_landed,
            'phone': ''
        }
    ) as billing,
    woocommerce_line_json.line_items,
    case
        when discount_code is null
        then '[]'::json
        else to_json([{'code': lower(discount_code), 'discount': money_text(discount, currency)}])
    end as coupon_lines,
    case
        when refund_kind is null
        then '[]'::json
        else
            to_json(
                [
                    {
                        'id': 700000 + place,
                        'reason': refund_kind,
                        'total': '-' || money_text(adjustment, currency)
                    }
                ]
            )
    end as refunds,
    case
        when noted_cookies.cookie is null
        then '[]'::json
        else to_json([{'key': '_ph_distinct_id', 'value': noted_cookies.cookie}])
    end as meta_data,
    ['paypal', 'stripe', 'bacs'][1 + draw_int('payment', order_id, 3)] as payment_method,
    case
        when paid_at is not null then left(md5('payment' || order_id::varchar), 16) else ''
    end as transaction_id
from versioned
inner join woocommerce_line_json using (order_id)
inner join order_devices using (order_id)
inner join
    (select person_id, first_name, last_name from people) as buyers
    on versioned.person_id = buyers.person_id
left join noted_cookies using (order_id)
order by loaded_at, order_id, version;
