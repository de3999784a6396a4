-- one customer has one value, in whichever mart it is read
select customers.master_customer_id
from {{ ref("dim_customers") }} as customers
full join {{ ref("customer_lifetime_value") }} as worth using (master_customer_id)
where
    customers.customer_type = 'customer'
    and (
        worth.historic_value is distinct from customers.lifetime_value
        or worth.ltv_60_day is distinct from customers.ltv_60_day
        or worth.is_ltv_60_day_mature is distinct from customers.is_ltv_60_day_mature
    )
