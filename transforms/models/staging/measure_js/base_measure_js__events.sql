-- grain: one row per record of Measure.js as it was landed
with source as (select * from {{ raw("raw", "events") }}) select * from source
