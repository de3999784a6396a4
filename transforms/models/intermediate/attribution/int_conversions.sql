-- grain: one row per valid order and per won deal
with

    orders as (select * from {{ ref("fct_orders") }}),

    deals as (select * from {{ ref("int_deals_assigned") }} where is_won),

    unioned as (
        select
            order_key as conversion_id,
            'order' as conversion_type,
            order_key,
            cast(null as varchar) as deal_id,
            master_customer_id,
            net_sales as conversion_value,
            ordered_at as converted_at,
            loaded_at
        from orders
        union all
        select
            'crm:' || deal_id,
            'deal',
            null,
            deal_id,
            master_customer_id,
            {{ money("amount") }},
            closed_at,
            loaded_at
        from deals
    )

select
    * exclude (loaded_at),
    -- what was won at the same moment shares its touches
    max(converted_at) over (
        partition by master_customer_id
        order by converted_at
        range between unbounded preceding and interval 1 microsecond preceding
    ) as previous_converted_at,
    {{ reporting_date("converted_at") }} as conversion_date,
    loaded_at
from unioned
