-- the mix ends with the day that stands for today, not with the last day that had spend
select max(date) as last_day
from {{ ref("fct_marketing_mix_daily") }}
having max(date) != {{ as_of_date() }}
