-- grain: one row per run of dbt and thing it built or tested
with

    logged as (select * from {{ ref("raw_dbt_run_results") }}),

    final as (
        select
            invocation_id,
            unique_id,
            model_name,
            resource_type,
            status,
            message,
            failures,
            rows_affected,
            round(epoch(run_completed_at - run_started_at), 3) as duration_seconds,
            status in ('error', 'fail', 'runtime error') as is_failed,
            was_full_refresh,
            run_started_at,
            run_completed_at,
            logged_at
        from logged
    )

select *
from final
