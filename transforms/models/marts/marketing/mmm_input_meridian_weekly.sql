-- grain: one row per ISO week that begins on a Monday and is covered by data in full
{{ fed_by(["shopify", "woocommerce"]) }}
{{ fed_by(["meta_ads", "google_ads"]) }}
with

    mix as (select * from {{ ref("fct_marketing_mix_weekly") }}),

    final as ({{ mmm_input_meridian("mix", "week_start_date", "promo_days / 7") }})

select *
from final
