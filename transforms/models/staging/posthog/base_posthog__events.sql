-- grain: one row per event of PostHog as it was landed
with source as (select * from {{ raw("posthog", "events") }}) select * from source
