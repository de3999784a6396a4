-- grain: one row per calendar day from the first to the last day with data, none missing
with

    mix as (select * from {{ ref("fct_marketing_mix_daily") }}),

    final as ({{ mmm_input_meridian("mix", "date", "is_promo") }})

select *
from final
