-- a cohort holds whoever was new in its month, nobody else and nobody twice
select months.month_start_date, months.new_customers, cohorts.cohort_size
from {{ ref("sales_monthly") }} as months
left join
    {{ ref("cohort_retention") }} as cohorts
    on cohorts.cohort_month = months.month_start_date
    and cohorts.period_index = 0
where months.new_customers != coalesce(cohorts.cohort_size, 0)
