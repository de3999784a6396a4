-- grain: one row per model, seed or snapshot that the logged runs built
with

    runs as (
        select *
        from {{ ref("dbt_run_results") }}
        where resource_type in ('model', 'seed', 'snapshot')
    ),

    -- runs that were skipped or failed tell nothing of speed
    timed as (
        select
            *,
            row_number() over (
                partition by unique_id order by run_started_at desc, invocation_id
            ) as runs_ago
        from runs
        where status = 'success' and duration_seconds is not null
    ),

    timed_summed_to_model as (
        select
            unique_id,
            count(*) as timed_runs,
            max(duration_seconds) filter (where runs_ago = 1) as last_seconds,
            median(duration_seconds) filter (where runs_ago > 1) as earlier_p50_seconds,
            quantile_cont(duration_seconds, 0.5) as p50_seconds,
            quantile_cont(duration_seconds, 0.95) as p95_seconds,
            max(duration_seconds) as slowest_seconds,
            sum(duration_seconds) as total_seconds
        from timed
        group by 1
    ),

    runs_counted_to_model as (
        select
            unique_id,
            any_value(model_name) as model_name,
            any_value(resource_type) as resource_type,
            count(*) as runs,
            count(*) filter (where is_failed) as failed_runs,
            count(*) filter (where status = 'skipped') as skipped_runs,
            max(run_completed_at) as last_run_at
        from runs
        group by 1
    ),

    final as (
        select
            unique_id,
            model_name,
            resource_type,
            runs,
            failed_runs,
            skipped_runs,
            last_seconds,
            p50_seconds,
            p95_seconds,
            slowest_seconds,
            last_seconds / nullif(earlier_p50_seconds, 0) as last_against_earlier,
            total_seconds / sum(total_seconds) over () as share_of_all_seconds,
            row_number() over (order by p50_seconds desc nulls last, unique_id) as slowest_rank,
            last_run_at
        from runs_counted_to_model
        left join timed_summed_to_model using (unique_id)
    )

select *
from final
