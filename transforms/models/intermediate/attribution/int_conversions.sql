-- grain: one row per valid order and per won deal
with

    orders as (select * from {{ ref("fct_orders") }}),

    deals as (select * from {{ ref("base__crm__deals") }} where is_won),

    primary_contacts as (
        select deal_id, min(contact_id) as contact_id
        from {{ ref("base__crm__deal_contacts") }}
        where is_primary_contact
        group by deal_id
    ),

    identity_map as (select * from {{ ref("int_customer_identity_map") }}),

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
            'crm:' || deals.deal_id,
            'deal',
            null,
            deals.deal_id,
            identity_map.master_customer_id,
            {{ money("deals.amount") }},
            deals.closed_at,
            deals.loaded_at
        from deals
        left join primary_contacts using (deal_id)
        left join
            identity_map
            on identity_map.identifier_key = 'crm_contact:' || primary_contacts.contact_id
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
