{{ config(materialized="view") }}
select country, count(*) as customers
from {{ ref("dim_customers") }}
group by country
