-- who was active, plus who came, minus who left, is who is active now
select month_start_date
from {{ ref("customer_retention_monthly") }}
qualify
    active_customers
    != coalesce(lag(active_customers) over (order by month_start_date), 0)
    + new_customers
    + resurrected_customers
    - churned_customers
