"""The app's journeys against what the raw data generator knows to be true."""

from __future__ import annotations

import pytest

from tests.transforms.conftest import Ask
from tests.transforms.test_marts import columns

SESSIONS = """
select dbt_visitor_id, split_part(session_id, ' - ', 1)::bigint,
       arg_min(event_id, (timestamp, event_id)), count(*), min(timestamp), max(timestamp),
       bool_or(is_machine)
from marts.dbt_track_facts group by dbt_visitor_id, session_id
"""
TRUE_SESSIONS = """
select visitor_id, session_no, first_event_id, n_events, started_at, ended_at, is_machine
from truth.sessions where source = 'rudderstack'
"""


def test_sessions_in_the_app_equal_the_truth_exactly(ask: Ask) -> None:
    """Visitor, number, first event, length and both ends of each, machines among them."""
    wrong = ask(
        f"(({SESSIONS}) except ({TRUE_SESSIONS})) union all (({TRUE_SESSIONS}) except ({SESSIONS}))"
    )
    assert wrong == []
    sessions, machines = ask(f"select count(*), count_if(is_machine) from ({TRUE_SESSIONS})")[0]
    assert sessions > 5_000 and machines > 10


def test_names_that_only_a_chain_of_aliases_joins_are_one_visitor(ask: Ask) -> None:
    """M2: a guest becomes a lead, the lead an account; the first name leads to the last."""
    apart, joined, long = ask("""
        with calls as (select distinct previous_id, user_id from raw_data.rudderstack_aliases),
        chained as (
            select first.previous_id, last.user_id
            from calls as first join calls as last on last.previous_id = first.user_id)
        select count(*) filter (began.dbt_visitor_id is distinct from ended.dbt_visitor_id),
               count(*) filter (began.dbt_visitor_id = ended.dbt_visitor_id),
               count(*) filter (began.dbt_visitor_id = chained.user_id)
        from chained
        left join intermediate.dbt_aliases_mapping as began on began.alias = chained.previous_id
        left join intermediate.dbt_aliases_mapping as ended on ended.alias = chained.user_id""")[0]
    assert apart == 0
    assert joined == long > 50


def test_ids_that_software_writes_for_nobody_name_no_visitor(ask: Ask) -> None:
    """M5: a hundred devices send `undefined` and the like; none of them is a visitor."""
    blocked = "('undefined', 'null', 'anonymous', '[object Object]')"
    told = ask(f"select count(*) from raw_data.rudderstack_tracks where user_id in {blocked}")
    assert told[0][0] > 50
    assert ask(f"select * from intermediate.dbt_aliases_mapping where alias in {blocked}") == []
    assert ask(f"select * from marts.dbt_track_facts where dbt_visitor_id in {blocked}") == []


@pytest.mark.parametrize(
    ("schema", "model", "promised"),
    [
        ("intermediate", "dbt_aliases_mapping", "alias dbt_visitor_id"),
        (
            "intermediate",
            "dbt_mapped_tracks",
            "event_id anonymous_id dbt_visitor_id timestamp event idle_time_minutes",
        ),
        (
            "intermediate",
            "dbt_session_tracks",
            "session_id dbt_visitor_id session_start_at session_sequence_number"
            " next_session_start_at",
        ),
        (
            "marts",
            "dbt_track_facts",
            "anonymous_id timestamp event_id event session_id dbt_visitor_id track_sequence_number",
        ),
        (
            "marts",
            "dbt_tracks_flow",
            "event_id session_id track_sequence_number event dbt_visitor_id timestamp"
            " event_2 event_3 event_4 event_5",
        ),
    ],
)
def test_a_model_of_the_app_has_the_columns_that_were_asked_for(
    ask: Ask, schema: str, model: str, promised: str
) -> None:
    assert set(promised.split()) <= set(columns(ask, model, schema))


def test_the_flow_of_an_event_is_what_follows_it_in_its_session(ask: Ask) -> None:
    """Followed row by row, without a window."""
    wrong = ask("""
        select flow.event_id
        from marts.dbt_tracks_flow as flow
        left join marts.dbt_track_facts as third
        on third.session_id = flow.session_id
        and third.track_sequence_number = flow.track_sequence_number + 2
        left join marts.dbt_track_facts as fifth
        on fifth.session_id = flow.session_id
        and fifth.track_sequence_number = flow.track_sequence_number + 4
        where flow.event_3 is distinct from third.event
        or flow.event_5 is distinct from fifth.event""")
    whole = ask("select count(*) from marts.dbt_tracks_flow where event_5 is not null")[0][0]
    assert wrong == []
    assert whole > 5_000


def test_a_path_is_counted_as_often_as_it_was_walked(ask: Ask) -> None:
    wrong = ask("""
        with walked as (
            select concat_ws(' > ', event, event_2, event_3, event_4, event_5) as path,
                   count(*) as occurrences, count(distinct dbt_visitor_id) as visitors
            from marts.dbt_tracks_flow where not is_machine group by 1)
        select path from marts.journey_paths as paths full join walked using (path)
        where paths.occurrences is distinct from walked.occurrences
        or paths.visitors is distinct from walked.visitors""")
    top = ask("select step_count from marts.journey_paths where occurrence_rank = 1 order by 1")
    assert wrong == []
    assert top == [(1,), (2,), (3,), (4,), (5,)]
