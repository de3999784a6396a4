-- grain: one row per PostHog event
with

    landed as (select * from {{ ref("base_posthog__events") }}),

    newest as ({{ deduplicate("landed", "id") }}),

    final as ({{ posthog_events("newest") }})

select *
from final
