-- grain: one row per customer with at least one valid order
{{ fed_by(["shopify", "woocommerce"]) }}
with

    orders as (select * from {{ ref("fct_orders") }}),

    segments as (select * from {{ ref("rfm_segments") }}),

    orders_summed_to_customer as (
        select
            master_customer_id,
            {{ as_of_date() }} - max(order_date) as recency_days,
            count(*) filter (where order_date > {{ as_of_date() }} - 365) as frequency,
            {{ money("sum(net_sales) filter (where order_date > " ~ as_of_date() ~ " - 365)") }}
            as monetary
        from orders
        group by 1
    ),

    -- who did not order in the window cannot beat anybody who did
    scored as (
        select
            *,
            {{ quintile("recency_days desc") }} as recency_score,
            case
                when frequency = 0 then 1 else {{ quintile("frequency", "frequency > 0") }}
            end as frequency_score,
            case
                when frequency = 0 then 1 else {{ quintile("monetary", "frequency > 0") }}
            end as monetary_score
        from orders_summed_to_customer
    ),

    final as (
        select
            scored.master_customer_id,
            segments.segment as rfm_segment,
            scored.recency_score
            || '-'
            || scored.frequency_score
            || '-'
            || scored.monetary_score as rfm_cell,
            scored.recency_days,
            scored.frequency,
            scored.recency_score,
            scored.frequency_score,
            scored.monetary_score,
            scored.monetary,
            {{ as_of_date() }} as as_of_date
        from scored
        left join
            segments
            on scored.recency_score between segments.recency_min and segments.recency_max
            and scored.frequency_score between segments.frequency_min and segments.frequency_max
    )

select *
from final
