-- grain: one row per calendar day from the first to the last day with data, none missing
{{ fed_by(["shopify", "woocommerce"]) }}
{{ fed_by(["meta_ads", "google_ads"]) }}
with

    mix as (select * from {{ ref("fct_marketing_mix_daily") }}),

    final as ({{ mmm_input_meridian("mix", "date", "is_promo") }})

select *
from final
