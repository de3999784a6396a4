-- grain: one row per Measure.js event, sent once, with the time that counts
with

    landed as (select * from {{ ref("base_measure_js__events") }}),

    final as ({{ cleaned_events("landed") }})

select *
from final
