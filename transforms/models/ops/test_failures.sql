-- grain: one row per test that objected to anything in the logged runs
with

    runs as (
        select *
        from {{ ref("dbt_run_results") }}
        where resource_type in ('test', 'unit_test') and status != 'skipped'
    ),

    judged as (
        select
            *,
            is_failed or status = 'warn' as objected,
            row_number() over (
                partition by unique_id order by logged_at desc, invocation_id
            ) as runs_ago,
            max(logged_at) filter (where not is_failed and status != 'warn') over (
                partition by unique_id
            ) as last_passed_at
        from runs
    ),

    final as (
        select
            unique_id,
            any_value(model_name) as test_name,
            any_value(resource_type) as resource_type,
            max(status) filter (where runs_ago = 1) as status,
            max(failures) filter (where runs_ago = 1) as failing_rows,
            count(*) as runs,
            count(*) filter (where objected) as objecting_runs,
            bool_or(objected) filter (where runs_ago = 1) as is_failing,
            min(logged_at) filter (
                where objected and logged_at > coalesce(last_passed_at, timestamp '-infinity')
            ) as failing_since,
            max(logged_at) filter (where objected) as last_objected_at,
            any_value(last_passed_at) as last_passed_at
        from judged
        group by unique_id
        having bool_or(objected)
    )

select *
from final
