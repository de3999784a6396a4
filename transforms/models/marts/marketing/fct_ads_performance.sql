-- grain: one row per day, platform, account, campaign, ad group and ad
{{ fed_by(["meta_ads", "google_ads"]) }}
{{
    config(
        materialized="incremental",
        unique_key="ad_performance_key",
        incremental_strategy="replace_partitions",
        meta={"partition_column": "date"},
        on_schema_change="fail",
        pre_hook="{{ delete_vanished('ad_performance_key', ref('int_ads_unioned')) }}",
    )
}}
with final as (select * from {{ ref("int_ads_unioned") }}), changed as ({{ changed_rows("final") }})

select final.*
from final
semi join changed on changed.date = final.date
