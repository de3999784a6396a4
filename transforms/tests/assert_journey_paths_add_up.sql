-- Each event begins one flow and each session one: counted flows lose none of either.
with

    flows as (
        select coalesce(sum(occurrences), 0) as events, coalesce(sum(sessions_begun), 0) as sessions
        from {{ ref("journey_paths") }}
    ),

    facts as (
        select count(*) as events, count(distinct session_id) as sessions
        from {{ ref("dbt_track_facts") }}
        where not is_machine
    )

select flows.events, facts.events, flows.sessions, facts.sessions
from flows
cross join facts
where flows.events != facts.events or flows.sessions != facts.sessions
