-- Refunds: what was given back when, per line where the shop says so, else per order.
create temp table refunds as
with
    decided as (
        select
            order_id,
            platform,
            ordered_at,
            invalid_reason,
            draw('refund', order_id) as kind_draw,
            net,
            sales,
            gross,
            tax,
            shipping,
            -- one in five comes later than a month
            case
                when draw('refund is late', order_id) < 0.2
                then 31 + draw_int('refund day', order_id, 60)
                else 2 + draw_int('refund day', order_id, 24)
            end as days_later
        from orders
        inner join order_totals using (order_id)
        where (is_valid or (platform = 'shopify' and invalid_reason = 'cancelled')) and sales > 0
    ),

    kinds as (
        select
            *,
            case
                when invalid_reason = 'cancelled' or kind_draw < 0.030
                then 'full'
                when kind_draw < 0.065
                then 'partial'
                when kind_draw < 0.076
                then 'goodwill'
                when kind_draw < 0.085 and shipping > 0 and platform = 'shopify'
                then 'shipping'
            end as kind,
            ordered_at + to_seconds(
                case
                    when invalid_reason = 'cancelled'
                    then 7200
                    else days_later * 86400 + draw_int('refund second', order_id, 20000)
                end
            ) as refunded_at
        from decided
    )
select
    order_id * 4 as refund_key,
    order_id,
    platform,
    kind,
    refunded_at,
    -- given back without a line (negative: a restocking fee was kept)
    case
        when platform = 'woocommerce'
        then
            case
                kind
                when 'full'
                then net + tax + shipping
                when 'partial'
                then
                    ((net + tax + shipping) * (20 + draw_int('refund part', order_id, 60)))
                    // 100
                else (net + tax + shipping) // 10
            end
        when kind = 'goodwill'
        then percent_of(sales, 10 + draw_int('goodwill', order_id, 20))
        when kind = 'full' and invalid_reason is null and draw('restocking', order_id) < 0.12
        then - percent_of(sales, 5)
        else 0
    end as adjustment,
    case
        when kind = 'shipping' or (kind = 'full' and draw('ships back', order_id) < 0.5)
        then shipping
        else 0
    end as shipping
from kinds
where kind is not null and refunded_at < getvariable('window_end');

create temp table refund_lines as
with
    candidates as (
        select
            refunds.refund_key,
            refunds.order_id,
            refunds.kind,
            order_lines.* exclude (order_id),
            row_number() over (
                partition by order_id order by draw('refunded line', line_key), line_key
            ) as choice
        from refunds
        inner join order_lines using (order_id)
        where
            refunds.platform = 'shopify'
            and refunds.kind in ('full', 'partial')
            and not is_gift_card
    ),

    counted as (
        select
            *,
            case
                when kind = 'full'
                then quantity
                else 1 + draw_int('refunded quantity', line_key, quantity)
            end as refunded_quantity
        from candidates
        where kind = 'full' or choice = 1
    )
select
    refund_key,
    order_id,
    line_key,
    line_id,
    refunded_quantity,
    (net * refunded_quantity) // quantity as subtotal,
    (tax * refunded_quantity) // quantity as tax
from counted;

-- Every line with all that was given back on it, adjustments spread by cumulative rounding.
create temp table line_facts as
with
    adjustments as (
        select order_id, sum(adjustment)::bigint as adjustment from refunds group by order_id
    ),

    given_back as (
        select
            line_key,
            sum(subtotal)::bigint as subtotal,
            sum(refunded_quantity)::bigint as refunded_quantity
        from refund_lines
        group by line_key
    ),

    weighed as (
        select
            order_lines.*,
            coalesce(adjustments.adjustment, 0) as adjustment,
            case
                when platform = 'shopify'
                then order_totals.sales
                else order_totals.net + order_totals.tax + order_totals.shipping
            end as whole,
            sum(order_lines.net) over (
                partition by order_lines.order_id order by line_id rows unbounded preceding
            )::bigint as running
        from order_lines
        inner join order_totals using (order_id)
        left join adjustments using (order_id)
        where not is_gift_card
    )
select
    weighed.* exclude (adjustment, whole, running),
    coalesce(given_back.refunded_quantity, 0) as refunded_quantity,
    coalesce(given_back.subtotal, 0) + case
        when adjustment = 0
        then 0
        else
            sign(adjustment) * (
                share_of(abs(adjustment), running, whole)
                - share_of(abs(adjustment), running - weighed.net, whole)
            )
    end::bigint as refund
from weighed
left join given_back using (line_key);
