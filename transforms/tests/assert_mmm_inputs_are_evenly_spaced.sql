-- Meridian and Robyn read a day after a day and a Monday after a Monday, none missing or twice
with

    times as (
        select 'meridian' as input, "time" as moment, 1 as step
        from {{ ref("mmm_input_meridian") }}
        union all
        select 'robyn', "DATE", 1
        from {{ ref("mmm_input_robyn") }}
        union all
        select 'meridian weekly', "time", 7
        from {{ ref("mmm_input_meridian_weekly") }}
        union all
        select 'robyn weekly', "DATE", 7
        from {{ ref("mmm_input_robyn_weekly") }}
    )

select input, moment, step
from times
qualify
    moment - lag(moment) over (partition by input order by moment) != step
    or (step = 7 and isodow(moment) != 1)
