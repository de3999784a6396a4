-- Shopify orders and refunds as the connector lands them: nested, and several versions of a row.
create temp table shopify_facts as
with
    fulfilled as (
        select
            orders.*,
            order_contacts.* exclude (order_id, person_id, platform),
            order_totals.* exclude (order_id),
            refunds.kind as refund_kind,
            refunds.refunded_at,
            case
                when invalid_reason = 'cancelled' then ordered_at + interval 1 hour
            end as cancelled_moment,
            ordered_at
            + to_seconds(100000 + draw_int('fulfilled', orders.order_id, 90000)) as shipped_moment
        from orders
        inner join order_contacts using (order_id)
        inner join order_totals using (order_id)
        left join refunds using (order_id)
        where orders.platform = 'shopify'
    ),

    moments as (
        select
            *,
            case
                when cancelled_moment < getvariable('window_end') then cancelled_moment
            end as cancelled_at,
            case
                when is_valid and shipped_moment < getvariable('window_end') then shipped_moment
            end as shipped_at
        from fulfilled
    )
select
    *, greatest(ordered_at + interval 1 minute, cancelled_at, shipped_at, refunded_at) as updated_at
from moments;

-- The row as it stands, for a few an earlier state, for a few the same row once more.
create temp table shopify_versions as
with
    loads as (
        select
            order_id,
            ordered_at,
            updated_at,
            loaded_after(updated_at) as loaded_at,
            loaded_after(ordered_at + interval 1 minute) as first_loaded_at
        from shopify_facts
    )
select order_id, 0 as version, loaded_at
from loads
union all
select order_id, 1, first_loaded_at
from loads
where draw('older order', order_id) < 0.03 and first_loaded_at < loaded_at
union all
select order_id, 2, loaded_at + interval 6 hour
from loads
where
    draw('order twice', order_id) < 0.02 and loaded_at + interval 6 hour < getvariable('last_load');

create temp table shopify_refund_json as
with
    lines_by_refund as (
        select
            refund_key,
            list(
                {
                    'id': line_id * 2 + 1,
                    'line_item_id': line_id,
                    'quantity': refunded_quantity,
                    'subtotal': money_number(subtotal, currency),
                    'total_tax': money_number(refund_lines.tax, currency),
                    'restock_type': case
                        when refunded_quantity > 0 then 'return' else 'no_restock'
                    end
                }
                order by line_id
            ) as refund_line_items,
            sum(subtotal + refund_lines.tax)::bigint as given_back
        from refund_lines
        inner join orders using (order_id)
        group by refund_key
    )
select
    refunds.refund_key,
    refunds.order_id,
    900000000000 + refunds.refund_key as refund_id,
    refunds.refunded_at,
    case
        kind
        when 'full'
        then 'Return'
        when 'partial'
        then 'Partial return'
        when 'goodwill'
        then 'Goodwill'
        else 'Late delivery'
    end as note,
    coalesce(to_json(refund_line_items), '[]'::json) as refund_line_items,
    to_json(
        list_filter(
            [
                {
                    'id': refund_key * 2,
                    'amount': case
                        when adjustment < 0
                        then money_text(- adjustment, currency)
                        else '-' || money_text(adjustment, currency)
                    end,
                    'tax_amount': money_text(0, currency),
                    'kind': 'refund_discrepancy',
                    'reason': 'Refund discrepancy'
                },
                {
                    'id': refund_key * 2 + 1,
                    'amount': '-' || money_text(refunds.shipping, currency),
                    'tax_amount': money_text(0, currency),
                    'kind': 'shipping_refund',
                    'reason': 'Shipping refund'
                }
            ],
            lambda entry: (entry.kind = 'refund_discrepancy' and adjustment <> 0)
            or (entry.kind = 'shipping_refund' and refunds.shipping > 0)
        )
    ) as order_adjustments,
    to_json(
        [
            {
                'amount': money_text(
                    coalesce(given_back, 0) + adjustment + refunds.shipping, currency
                ),
                'kind': 'refund',
                'status': 'success',
                'test': false
            }
        ]
    ) as transactions
from refunds
inner join orders using (order_id)
left join lines_by_refund using (refund_key)
where refunds.platform = 'shopify';

create temp table shopify_line_json as
select
    order_id,
    to_json(
        list(
            {
                'id': line_id,
                'product_id': shopify_product_id(variants.product_number),
                'variant_id': shopify_variant_id(variant_number),
                'sku': sku,
                'title': variants.title,
                'variant_title': option_title,
                'vendor': 'Kestrel & Pine',
                'name': variants.title || ' - ' || option_title,
                'quantity': quantity,
                'price': money_number(order_lines.price, order_lines.currency),
                'total_discount': 0.0::double,
                'pre_tax_price': money_number(order_lines.net, order_lines.currency),
                'gift_card': is_gift_card,
                'taxable': not is_gift_card,
                'requires_shipping': not is_gift_card,
                'product_exists': true,
                'tax_lines': case
                    when order_lines.tax > 0
                    then
                        [
                            {
                                'title': 'VAT',
                                'rate': order_lines.tax_percent / 100.0::double,
                                'price': money_text(order_lines.tax, order_lines.currency)
                            }
                        ]
                    else []
                end,
                'discount_allocations': case
                    when order_lines.discount > 0
                    then
                        [
                            {
                                'amount': money_text(order_lines.discount, order_lines.currency),
                                'discount_application_index': 0
                            }
                        ]
                    else []
                end
            }
            order by line_id
        )
    ) as line_items
from order_lines
inner join variants using (variant_number)
where platform = 'shopify'
group by order_id;

create table landing.raw_data.shopify_orders as
with
    refunds_by_order as (
        select
            order_id,
            to_json(
                list(
                    {
                        'id': refund_id,
                        'order_id': platform_order_id,
                        'created_at': utc_text(refunded_at),
                        'note': note,
                        'refund_line_items': refund_line_items,
                        'order_adjustments': order_adjustments,
                        'transactions': transactions
                    }
                    order by refund_id
                )
            ) as refunds
        from shopify_refund_json
        inner join orders using (order_id)
        group by order_id
    ),

    landing_pages as (
        select order_id, visits.arrival_number, visits.visit_id
        from visits
        where order_id is not null
    ),

    notes as (
        select
            order_id, [{'name': 'ph_distinct_id', 'value': noted_cookies.cookie}] as note_attributes
        from noted_cookies
        where platform = 'shopify'
    ),

    versioned as (
        select shopify_facts.*, version, loaded_at, version = 1 as is_early
        from shopify_facts
        inner join shopify_versions using (order_id)
    ),

    store_numbers as (
        select
            order_id,
            1000 + row_number() over (partition by currency order by place) as order_number
        from shopify_facts
    )
select
    draw_uuid('raw shopify_orders', order_id * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    platform_order_id as id,
    '#' || order_number::varchar as name,
    order_number,
    email_landed as email,
    email_landed as contact_email,
    case
        when sold_by = 'phone' then '+49 30 5550' || lpad((order_id % 1000)::varchar, 3, '0')
    end as phone,
    ordered_at at time zone 'UTC' as created_at,
    (
        case when is_early then ordered_at + interval 1 minute else versioned.updated_at end
    ) at time zone 'UTC' as updated_at,
    utc_text(ordered_at) as processed_at,
    (case when not is_early then cancelled_at end) at time zone 'UTC' as cancelled_at,
    (
        case when not is_early then coalesce(cancelled_at, shipped_at) end
    ) at time zone 'UTC' as closed_at,
    case
        when cancelled_at is not null and not is_early
        then ['customer', 'inventory', 'fraud'][1 + draw_int('cancel reason', order_id, 3)]
    end as cancel_reason,
    case
        when is_early
        then 'authorized'
        when invalid_reason = 'voided'
        then 'voided'
        when invalid_reason = 'draft'
        then 'pending'
        when refund_kind = 'full'
        then 'refunded'
        when refund_kind is not null
        then 'partially_refunded'
        else 'paid'
    end as financial_status,
    case when shipped_at is not null and not is_early then 'fulfilled' end as fulfillment_status,
    currency,
    currency as presentment_currency,
    money_number(net + tax + shipping + tip, currency) as total_price,
    money_number(net, currency) as subtotal_price,
    money_number(tax, currency) as total_tax,
    money_number(discount, currency) as total_discounts,
    money_number(gross, currency) as total_line_items_price,
    money_number(
        case when refund_kind = 'full' and not is_early then 0 else net + tax + shipping + tip end,
        currency
    ) as current_total_price,
    money_number(tip, currency) as total_tip_received,
    to_json(
        {
            'shop_money': {'amount': money_text(shipping, currency), 'currency_code': currency},
            'presentment_money': {
                'amount': money_text(shipping, currency),
                'currency_code': currency
            }
        }
    ) as total_shipping_price_set,
    false as taxes_included,
    coalesce(invalid_reason = 'test', false) as test,
    coalesce(invalid_reason <> 'draft', true) as confirmed,
    draw('marketing consent', versioned.person_id) < 0.6 as buyer_accepts_marketing,
    case
        when customer_id is not null
        then
            to_json(
                {
                    'id': customer_id,
                    'email': email_seen,
                    'first_name': first_name,
                    'last_name': last_name
                }
            )
    end as customer,
    shopify_line_json.line_items,
    case
        when is_early then '[]'::json else coalesce(refunds_by_order.refunds, '[]'::json)
    end as refunds,
    case
        when discount_code is null
        then '[]'::json
        else
            to_json(
                [
                    {
                        'code': discount_code,
                        'amount': money_text(discount, currency),
                        'type': 'percentage'
                    }
                ]
            )
    end as discount_codes,
    coalesce(to_json(notes.note_attributes), '[]'::json) as note_attributes,
    case when is_free then 'seeding' else '' end as tags,
    case
        when invalid_reason = 'draft' or sold_by = 'phone' then 'shopify_draft_order' else sold_by
    end as source_name,
    case
        when sold_by = 'web' then landing_path(order_id, source, medium, campaign, click_id)
    end as landing_site,
    case
        when sold_by = 'web' and referrer is not null then 'https://' || referrer || '/'
    end as referring_site,
    fake_ip(versioned.person_id) as browser_ip,
    md5('cart' || order_id::varchar) as cart_token,
    md5('checkout' || order_id::varchar) as checkout_token,
    shop_url(currency) as shop_url,
    to_json(
        {
            'session_hash': null::varchar,
            'user_agent': user_agent(browser),
            'browser_ip': fake_ip(versioned.person_id)
        }
    ) as client_details,
    to_json(
        {
            'first_name': first_name,
            'last_name': last_name,
            'city': null::varchar,
            'country_code': versioned.country
        }
    ) as billing_address
from versioned
inner join store_numbers using (order_id)
inner join shopify_line_json using (order_id)
inner join order_devices using (order_id)
inner join
    (select person_id, first_name, last_name from people) as buyers
    on versioned.person_id = buyers.person_id
left join landing_pages using (order_id)
inner join
    arrivals
    on coalesce(landing_pages.arrival_number, versioned.arrival_number) = arrivals.arrival_number
left join refunds_by_order using (order_id)
left join notes using (order_id)
order by loaded_at, order_id, version;

create table landing.raw_data.shopify_order_refunds as
with
    loads as (select *, loaded_after(refunded_at) as loaded_at from shopify_refund_json),

    versioned as (
        select *, 0 as version
        from loads
        union all
        select * replace (loaded_at + interval 6 hour as loaded_at), 2
        from loads
        where
            draw('refund twice', refund_key) < 0.02
            and loaded_at + interval 6 hour < getvariable('last_load')
    )
select
    draw_uuid('raw shopify_order_refunds', refund_key * 4 + version) as _airbyte_raw_id,
    loaded_at at time zone 'UTC' as _airbyte_extracted_at,
    load_meta(loaded_at) as _airbyte_meta,
    0::bigint as _airbyte_generation_id,
    refund_id as id,
    platform_order_id as order_id,
    refunded_at at time zone 'UTC' as created_at,
    utc_text(refunded_at) as processed_at,
    note,
    refund_line_items,
    order_adjustments,
    transactions
from versioned
inner join orders on versioned.order_id = orders.order_id
order by loaded_at, refund_key, version;
