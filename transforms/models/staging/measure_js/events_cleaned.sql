-- grain: one row per Measure.js event, sent once, with the time that counts
with

    landed as (select * from {{ ref("base_measure_js__events") }}),

    newest as ({{ deduplicate("landed", "event_id") }}),

    cleaned as ({{ cleaned_records("newest") }}),

    final as ({{ with_bots_marked("cleaned") }})

select *
from final
