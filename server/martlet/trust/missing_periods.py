"""Missing periods: a series of time without rows for some of the periods in between."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from sqlglot.errors import SqlglotError

from martlet.flow.trust import Check
from martlet.trust.buckets import find_buckets
from martlet.trust.question import Question

NAME = "missing_periods"
MONTHS = {"month": 1, "quarter": 3, "year": 12}
DAYS = {"day": 1, "week": 7}
SHOWN = 3  # runs that are named; the number of periods tells the rest


def missing_periods(question: Question) -> Check:
    """Names the periods between the first and the last shown that have no row, in a series by day,
    week, month, quarter or year: they are left out, which is not the same as zero."""
    if question.rows.cut or _is_limited(question):
        return Check(NAME, "not_checked", "Not all rows are here.")
    try:
        series = _series(question)
    except SqlglotError:
        return Check(NAME, "not_checked", "The time buckets could not be followed.")
    if series is None:
        return Check(NAME, "ok", "No single series of time.")
    place, grain = series
    periods = sorted({str(row[place])[:10] for row in question.rows.values if row[place]})
    return _judge(periods, grain)


def _is_limited(question: Question) -> bool:
    """A caller's own LIMIT may leave periods out that have rows."""
    kinds = ("LIMIT_MODIFIER", "LIMIT_PERCENT_MODIFIER")
    return question.compiled is None and any(node.get("type") in kinds for node in question.nodes)


def _series(question: Question) -> tuple[int, str] | None:
    """The place of the one column of time, and its grain."""
    compiled = question.compiled
    if compiled:
        places = [i for i, column in enumerate(compiled.columns) if column.kind == "time"]
        return (places[0], compiled.grain) if len(places) == 1 else None
    buckets = find_buckets(question.query.sql) if question.may_have_buckets else ()
    if len(buckets) == 1:
        return buckets[0].position, buckets[0].grain
    return _by_day(question) if not buckets else None


def _by_day(question: Question) -> tuple[int, str] | None:
    """A stored day beside nothing but aggregates is a series by day."""
    outputs, columns = question.query.outputs, question.rows.columns
    plain = [i for i, output in enumerate(outputs) if not output.aggregate]
    if len(outputs) != len(columns) or len(plain) != 1 or len(outputs) < 2:
        return None
    is_day = outputs[plain[0]].plain and columns[plain[0]].type == "DATE"
    return (plain[0], "day") if is_day else None


def _judge(periods: list[str], grain: str) -> Check:
    if len(periods) < 2 or grain not in MONTHS | DAYS:
        return Check(NAME, "ok", "")
    try:
        shown = [date.fromisoformat(period) for period in periods]
    except ValueError:
        return Check(NAME, "ok", "")
    every = list(_between(shown[0], shown[-1], grain))
    if not set(shown) <= set(every):
        return Check(NAME, "not_checked", f"The periods do not begin as a {grain} does.")
    missing = [day for day in every if day not in set(shown)]
    if not missing:
        return Check(NAME, "ok", f"Every {grain} in between has rows.")
    count = f"{len(missing)} of {len(every)} {grain}s"
    return Check(
        NAME,
        "warn",
        count,
        caveat=f"No row for {count} from {shown[0]} to {shown[-1]}: {_named(missing, every)}; "
        "they are left out, not shown as 0.",
    )


def _between(first: date, last: date, grain: str) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = _next(day, grain)


def _next(day: date, grain: str) -> date:
    if grain in DAYS:
        return day + timedelta(days=DAYS[grain])
    number = day.year * 12 + day.month - 1 + MONTHS[grain]
    return date(number // 12, number % 12 + 1, 1)


def _named(missing: list[date], every: list[date]) -> str:
    """The first runs of missing periods; a run is named by its ends."""
    runs: list[list[date]] = []
    place = {day: number for number, day in enumerate(every)}
    for day in missing:
        if runs and place[day] == place[runs[-1][-1]] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    named = [str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs[:SHOWN]]
    return ", ".join(named) + _rest(runs[SHOWN:])


def _rest(runs: Iterable[list[date]]) -> str:
    left = sum(len(run) for run in runs)
    return f" and {left} more" if left else ""
