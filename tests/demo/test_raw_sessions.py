"""The planted sessions, derived once more in plain Python from raw rows by the README's rule."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import duckdb

from tests.demo.reading import one

Event = tuple[datetime.datetime, str]
Session = tuple[str, str, int, datetime.datetime, datetime.datetime]
BLOCKED = {"undefined", "null", "anonymous", "[object Object]", "0"}
IDLE = datetime.timedelta(minutes=30)
PATIENCE = datetime.timedelta(minutes=5)


def test_measure_js_sessions_follow_the_rule(raw: duckdb.DuckDBPyConnection) -> None:
    rows = raw.execute(
        """
        select * exclude (event_id), min(event_id) as event_id
        from (
            select distinct on (event_id)
                event_id, client_id, user_id, event_name, url, referrer, title,
                properties::varchar, timestamp, received_at
            from raw_data.measure_js_events
            order by event_id, _airbyte_extracted_at desc
        )
        group by all
        """
    ).fetchall()
    visitors: dict[str, list[Event]] = defaultdict(list)
    for client, *_, stamp, received, event in rows:
        visitors[client].append((repaired(stamp, received), event))
    assert sessions(visitors) == planted(raw, "measure_js")


def test_rudderstack_sessions_follow_the_rule_over_chains_of_aliases(
    raw: duckdb.DuckDBPyConnection,
) -> None:
    became = dict(
        raw.execute("select previous_id, user_id from raw_data.rudderstack_aliases").fetchall()
    )
    known = raw.execute(
        """
        select anonymous_id, user_id from raw_data.rudderstack_tracks where user_id is not null
        union
        select anonymous_id, user_id from raw_data.rudderstack_identifies
        """
    ).fetchall()
    ends = {device: end(user, became) for device, user in known if user not in BLOCKED}
    assert len({user for user in became if became[user] in became}) > 20, "no chains"
    rows = raw.execute(
        """
        select * exclude (id), min(id) as id
        from (
            select id, anonymous_id, user_id, event, context_page_url, timestamp, received_at
            from raw_data.rudderstack_tracks
            qualify row_number() over (partition by id order by _airbyte_extracted_at desc) = 1
        )
        group by all
        """
    ).fetchall()
    visitors: dict[str, list[Event]] = defaultdict(list)
    for device, _, _, _, stamp, received, event in rows:
        visitors[ends.get(device, device)].append((repaired(stamp, received), event))
    assert sessions(visitors) == planted(raw, "rudderstack")


def test_ga4_sessions_follow_the_rule_and_bear_googles_ids(raw: duckdb.DuckDBPyConnection) -> None:
    rows = raw.execute(
        """
        select
            user_pseudo_id,
            make_timestamp(event_timestamp),
            event_bundle_sequence_id || '/' || batch_event_index as event,
            list_filter(event_params, lambda param: param.key = 'ga_session_id')[1].value.int_value
        from raw_data.ga4_events
        where user_pseudo_id is not null and event_name <> 'session_start'
        qualify row_number() over (partition by event order by _airbyte_extracted_at desc) = 1
        """
    ).fetchall()
    visitors: dict[str, list[Event]] = defaultdict(list)
    numbers: dict[tuple[str, int], set[datetime.datetime]] = defaultdict(set)
    for device, moment, event, number in rows:
        visitors[device].append((moment, event))
        numbers[device, number].add(moment)
    expected = planted(raw, "ga4")
    assert sessions(visitors) == expected
    by_number = {(device, min(moments), max(moments)) for (device, _), moments in numbers.items()}
    assert by_number == {(device, start, last) for device, _, _, start, last in expected}


def test_the_edges_of_the_rule_are_there(raw: duckdb.DuckDBPyConnection) -> None:
    """Gaps of 29:59 and 30:00 stay in a session, 30:01 parts two; sessions cross midnight."""
    gaps = """
        select date_diff('second', lag(timestamp) over (
            partition by client_id order by timestamp, event_id), timestamp) as gap
        from (select distinct on (event_id) * from raw_data.measure_js_events)
    """
    for gap in (0, 1799, 1800, 1801):
        assert one(raw, f"select count(*) from ({gaps}) where gap = {gap}") >= 5, gap
    for zone in ("UTC", "Europe/Berlin"):
        local = f"(timezone('UTC', {{}}) at time zone '{zone}')"
        crossing = f"""
            select count(*) from truth.sessions
            where {local.format("started_at")}::date < {local.format("ended_at")}::date
        """
        assert one(raw, crossing) >= 5, zone


def repaired(stamp: datetime.datetime, received: datetime.datetime) -> datetime.datetime:
    wrong = stamp > received + PATIENCE or stamp.year < 2000
    return (received if wrong else stamp).replace(tzinfo=None)


def end(user: str, became: dict[str, str]) -> str:
    while user in became:
        user = became[user]
    return user


def sessions(visitors: dict[str, list[Event]]) -> set[Session]:
    return {session for visitor in visitors for session in split(visitor, visitors[visitor])}


def split(visitor: str, events: list[Event]) -> Iterable[Session]:
    """The visitor's sessions: first event, number of events, first and last moment."""
    events = sorted(events)
    starts = [0]
    starts += [
        place
        for place, (before, after) in enumerate(pairwise(events), start=1)
        if after[0] - before[0] > IDLE
    ]
    for start, stop in pairwise([*starts, len(events)]):
        inside = events[start:stop]
        yield visitor, inside[0][1], len(inside), inside[0][0], inside[-1][0]


def planted(raw: duckdb.DuckDBPyConnection, source: str) -> set[Session]:
    rows = raw.execute(
        "select visitor_id, first_event_id, n_events, started_at, ended_at"
        " from truth.sessions where source = $source",
        {"source": source},
    ).fetchall()
    assert len(rows) > 1000
    return set(rows)
