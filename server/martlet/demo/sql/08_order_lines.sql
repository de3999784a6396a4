-- The lines and totals of the orders, in minor units of the order's currency.
create temp table order_lines as
with
    wanted as (
        select
            order_id,
            order_id * 8 + number as line_key,
            number,
            platform,
            currency,
            month(order_date) as month_number,
            draw('variant', order_id * 8 + number) as choice
        from orders
        cross join range(1, 5) as line(number)
        where
            number <= case
                when draw('lines', order_id) < 0.48
                then 1
                when draw('lines', order_id) < 0.80
                then 2
                when draw('lines', order_id) < 0.95
                then 3
                else 4
            end
            -- every second order with a gift card holds nothing else
            and not (has_gift_card and draw('gift only', order_id) < 0.5)
    ),

    chosen as (
        select wanted.*, variant_choice.variant_number
        from wanted
        asof inner join
            variant_choice
            on wanted.month_number = variant_choice.month_number
            and wanted.choice >= variant_choice.share_from
        qualify row_number() over (partition by order_id, variant_number order by number) = 1
    ),

    all_lines as (
        select order_id, line_key, number, variant_number, false as is_gift_card
        from chosen
        union all
        select order_id, order_id * 8 + 5, 5, 41 * 4, true
        from orders
        where has_gift_card
    ),

    priced as (
        select
            all_lines.*,
            orders.platform,
            orders.currency,
            orders.tax_percent,
            orders.place,
            price_list.price,
            case
                when is_gift_card or draw('quantity', line_key) < 0.84
                then 1
                when draw('quantity', line_key) < 0.96
                then 2
                else 3
            end::bigint as quantity,
            case when is_gift_card then 0 else orders.discount_percent end as discount_percent
        from all_lines
        inner join orders using (order_id)
        inner join price_list using (variant_number, platform, currency)
    ),

    counted as (
        select
            *, price * quantity as gross, percent_of(price * quantity, discount_percent) as discount
        from priced
    )
select
    *,
    gross - discount as net,
    case when is_gift_card then 0 else percent_of(gross - discount, tax_percent) end as tax,
    case
        platform when 'shopify' then 13000000000000 + place * 8 + number else place * 8 + number
    end as line_id
from counted;

create temp table order_totals as
with
    summed as (
        select
            order_id,
            sum(gross)::bigint as gross,
            sum(discount)::bigint as discount,
            sum(net)::bigint as net,
            sum(tax)::bigint as tax,
            coalesce(sum(net) filter (not is_gift_card), 0)::bigint as sales
        from order_lines
        group by order_id
    )
select
    summed.*,
    case
        when sales = 0 or (currency <> 'JPY' and net >= 7500) or (currency = 'JPY' and net >= 12000)
        then 0
        else map {'EUR': 490, 'USD': 790, 'GBP': 450, 'JPY': 800}[currency]
    end::bigint as shipping,
    case
        when platform = 'shopify' and currency <> 'JPY' and draw('tip', order_id) < 0.02
        then 200
        else 0
    end::bigint as tip
from summed
inner join orders using (order_id);
