-- grain: one row per ISO week that begins on a Monday and is covered by data in full
with

    mix as (select * from {{ ref("fct_marketing_mix_weekly") }}),

    final as ({{ mmm_input_robyn("mix", "week_start_date", "promo_days / 7") }})

select *
from final
