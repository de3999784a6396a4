-- grain: one row per channel: the part of all conversions that a Markov chain loses without it
{{ config(materialized="table") }}
with recursive

    -- equal paths are walked together, so the cost follows the number of channels, not of people
    paths as (
        select exposure_path, is_converting, count(*) as path_count
        from {{ ref("int_touchpoint_paths") }}
        group by exposure_path, is_converting
    ),

    states as (
        select
            path_count,
            list_concat(
                ['(start)'],
                exposure_path,
                [case when is_converting then '(conversion)' else '(null)' end]
            ) as path
        from paths
    ),

    steps as (
        select path_count, unnest(path[:-2]) as from_state, unnest(path[2:]) as to_state from states
    ),

    transitions as (
        select
            from_state,
            to_state,
            cast(sum(path_count) as double)
            / sum(sum(path_count)) over (partition by from_state) as probability
        from steps
        group by from_state, to_state
    ),

    removals as (
        select distinct to_state as removed
        from steps
        where to_state not in ('(conversion)', '(null)')
        union all
        select '(nothing)'
    ),

    -- who would come to the removed channel is lost; both ends are kept for good
    chains as (
        select
            removals.removed,
            transitions.from_state,
            case
                when transitions.to_state = removals.removed then '(null)' else transitions.to_state
            end as to_state,
            sum(transitions.probability order by transitions.to_state) as probability
        from transitions
        cross join removals
        where transitions.from_state != removals.removed
        group by all
        union all
        select removals.removed, ends.state, ends.state, 1.0
        from removals
        cross join (values ('(conversion)'), ('(null)')) as ends(state)
    ),

    -- each round doubles the steps that are walked: after 30 of them nobody is on the way
    walked(removed, from_state, to_state, probability, doublings) as (
        select removed, from_state, to_state, probability, 0
        from chains
        union all
        select
            first_half.removed,
            first_half.from_state,
            second_half.to_state,
            sum(first_half.probability * second_half.probability order by first_half.to_state),
            any_value(first_half.doublings) + 1
        from walked as first_half
        inner join
            walked as second_half
            on second_half.removed = first_half.removed
            and second_half.from_state = first_half.to_state
        where first_half.doublings < 30
        group by first_half.removed, first_half.from_state, second_half.to_state
    ),

    arrived as (
        select removals.removed, coalesce(walked.probability, 0) as conversion_probability
        from removals
        left join
            walked
            on walked.removed = removals.removed
            and walked.doublings = 30
            and walked.from_state = '(start)'
            and walked.to_state = '(conversion)'
    ),

    effects as (
        select
            without.removed as channel,
            1
            - without.conversion_probability
            / nullif(whole.conversion_probability, 0) as removal_effect
        from arrived as without
        cross join arrived as whole
        where without.removed != '(nothing)' and whole.removed = '(nothing)'
    )

select
    channel,
    cast(coalesce(removal_effect, 0) as decimal(18, 12)) as removal_effect,
    cast(
        coalesce(
            removal_effect / nullif((select sum(removal_effect order by channel) from effects), 0),
            0
        ) as decimal(18, 12)
    ) as removal_share
from effects
