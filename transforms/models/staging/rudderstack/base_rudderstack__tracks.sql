-- grain: one row per event of the app as it was landed
with source as (select * from {{ raw("rudderstack", "tracks") }}) select * from source
