-- no month is missing between the first order of a cohort and the last month of data
select cohort_month
from {{ ref("cohort_retention") }}
group by 1
having
    count(*) != max(period_index) + 1
    or max(period_month) != (select max(month_start_date) from {{ ref("sales_monthly") }})
