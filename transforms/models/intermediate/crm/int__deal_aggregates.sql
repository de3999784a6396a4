-- grain: one row per person to whom a deal belongs
with

    deals as (select * from {{ ref("int_deals_assigned") }} where master_customer_id is not null),

    final as (
        select
            master_customer_id,
            count(*) as deals,
            count(*) filter (where deal_status = 'won') as deals_won,
            count(*) filter (where deal_status = 'lost') as deals_lost,
            count(*) filter (where deal_status = 'open') as deals_open,
            {{ money("sum(amount) filter (where deal_status = 'won')") }} as total_deal_value,
            {{ money("sum(amount) filter (where deal_status = 'open')") }} as open_deal_value,
            max(closed_at) filter (where deal_status = 'won') as latest_deal_closed_at
        from deals
        group by master_customer_id
    )

select *
from final
