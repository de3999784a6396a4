-- grain: one row per person, in the columns of the first version
{{
    fed_by(
        ["shopify", "woocommerce", "posthog", "crm", "forms", "ga4", "measure_js", "rudderstack"]
    )
}}
with customers as (select * from {{ ref("dim_customers", v=2) }})

select * exclude (ltv_60_day, is_ltv_60_day_mature)
from customers
