"""Sessions of GA4 against what the raw data generator knows to be true."""

from __future__ import annotations

from tests.transforms.conftest import Ask

SESSIONS = """
select
    user_pseudo_id as visitor_id,
    session_number as session_no,
    event_count as n_events,
    session_start_at as started_at,
    session_end_at as ended_at,
    is_bot or is_internal as is_machine
from marts.mrt__marketing__web_sessions
"""
TRUTH = """
select visitor_id, session_no, n_events, started_at, ended_at, is_machine
from truth.sessions where source = 'ga4'
"""


def test_every_session_is_the_true_one_and_no_other(ask: Ask) -> None:
    assert ask(f"({SESSIONS}) except all ({TRUTH})") == []
    assert ask(f"({TRUTH}) except all ({SESSIONS})") == []
    sessions, machines = ask(f"select count(*), count_if(is_machine) from ({TRUTH})")[0]
    assert sessions > 10_000 and machines > 100


def test_every_session_begins_with_the_true_event(ask: Ask) -> None:
    wrong = ask("""
        select visitor_id, truth.first_event_id, sessions.first_event_id
        from (select * from truth.sessions where source = 'ga4') as truth
        full join intermediate.int_web_sessions as sessions
        on visitor_id = user_pseudo_id and started_at = session_start_at
        where truth.first_event_id is distinct from sessions.first_event_id""")
    assert wrong == []


def test_a_session_past_midnight_stands_on_the_day_it_began(ask: Ask) -> None:
    past, wrong = ask(f"""
        select
            count(*) filter ({berlin("session_end_at")} > session_date),
            count(*) filter ({berlin("session_start_at")} != session_date)
        from marts.mrt__marketing__web_sessions""")[0]
    assert past > 10 and wrong == 0


def berlin(moment: str) -> str:
    return f"cast({moment} at time zone 'UTC' at time zone 'Europe/Berlin' as date)"


def test_the_devices_of_a_named_person_are_those_of_one_true_person(ask: Ask) -> None:
    """A device of two people counts as that of the one whom the data ties to it."""
    persons, mixed = ask("""
        with named as (
            select resolved_user_id, count(distinct person_id) as persons
            from marts.mrt__marketing__web_sessions
            inner join truth.person_identifiers
            on identifier_type = 'ga4_user_pseudo_id' and identifier_value = user_pseudo_id
            where linkable and resolved_user_id is not null
            group by resolved_user_id)
        select count(*), count_if(persons > 1) from named""")[0]
    assert persons > 500 and mixed == 0
