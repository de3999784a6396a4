-- grain: one row per calendar day, written a day at a time
{{
    config(
        materialized="incremental",
        incremental_strategy="replace_partitions",
        on_schema_change="fail",
        meta={"partition_column": "date"},
        pre_hook="{{ delete_vanished('date', ref('daily_performance')) }}",
    )
}}
-- only days that changed are written anew, however late their events arrived
{{ changed_rows(ref("daily_performance")) }}
