-- every order is one purchase in the journey, with the same customer
select orders.order_key
from {{ ref("fct_orders") }} as orders
full join
    (
        select order_key, master_customer_id
        from {{ ref("fct_customer_events") }}
        where event_type = 'purchase'
    ) as purchases using (order_key)
where orders.master_customer_id is distinct from purchases.master_customer_id
