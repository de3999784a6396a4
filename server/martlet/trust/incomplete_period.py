"""Incomplete period: a time bucket that the data covers only in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sqlglot.errors import SqlglotError

from martlet.flow.metric import CompiledMetric
from martlet.flow.trust import Check
from martlet.trust.buckets import PARTS, find_buckets
from martlet.trust.question import Question

NAME = "incomplete_period"


def incomplete_period(question: Question) -> Check:
    """Marks buckets of time, the compiler's and those of a caller's `date_trunc`, that end after
    the last complete day, or that the asked range begins or ends in."""
    through = question.complete_through
    if question.compiled:
        if through is None:
            return _unknown()
        place = _time_place(question.compiled)
        if place is None:
            return _range(question.compiled, through)
        found = _buckets(question, [(place, question.compiled.grain)], through)
        return _with_cuts(found, _cuts(question, question.compiled, place))
    return _in_sql(question, through)


def _in_sql(question: Question, through: str | None) -> Check:
    """A caller's SQL: buckets made by `date_trunc` are compared; other ways are not followed."""
    try:
        buckets = find_buckets(question.query.sql) if question.may_have_buckets else ()
    except SqlglotError:
        return Check(NAME, "not_checked", "The time buckets could not be followed.")
    if buckets and through is None:
        return _unknown()
    if buckets and through:
        return _buckets(question, [(item.position, item.grain) for item in buckets], through)
    if question.functions & PARTS:
        return Check(NAME, "not_checked", "Periods are only compared when made by `date_trunc`.")
    return Check(NAME, "ok", "No time bucket.")


def _unknown() -> Check:
    return Check(NAME, "not_checked", "The marts do not say up to which day they are complete.")


def _time_place(compiled: CompiledMetric) -> int | None:
    kinds = [column.kind for column in compiled.columns]
    return kinds.index("time") if "time" in kinds and compiled.grain else None


def _buckets(question: Question, places: list[tuple[int, str]], through: str) -> Check:
    """Each bucket against the last complete day."""
    last = date.fromisoformat(through[:10])
    for place, grain in places:
        starts = {str(row[place])[:10] for row in question.rows.values if row[place] is not None}
        partial = sorted(day for day in starts if _is_date(day) and bucket_end(day, grain) > last)
        if partial:
            return _warn(f"{grain} from {', '.join(partial[-3:])}", through)
    return Check(NAME, "ok", f"Every bucket ends by {through}.")


def _cuts(question: Question, compiled: CompiledMetric, place: int) -> list[str]:
    """The buckets that the asked range itself begins or ends in, in words."""
    shown = [str(row[place])[:10] for row in question.rows.values if row[place] is not None]
    days = sorted(day for day in set(shown) if _is_date(day))
    if not days:
        return []
    first, last, found = days[0], days[-1], []
    if compiled.start and first < compiled.start[:10] <= str(bucket_end(first, compiled.grain)):
        found.append(f"the {compiled.grain} from {first} only from {compiled.start[:10]} on")
    if compiled.end and len(compiled.end) == 10:
        end = date.fromisoformat(compiled.end) - timedelta(days=1)
        if date.fromisoformat(last) <= end < bucket_end(last, compiled.grain):
            found.append(f"the {compiled.grain} from {last} only through {end}")
    return found


def _with_cuts(check: Check, cuts: list[str]) -> Check:
    """The check, with what the range left of the first and the last bucket."""
    if not cuts:
        return check
    said = f"The asked range covers {' and '.join(cuts)}."
    caveat = f"{check.caveat} {said}" if check.caveat else said
    return replace(
        check, status="warn", detail=check.caveat and check.detail or said, caveat=caveat
    )


def _range(compiled: CompiledMetric, through: str) -> Check:
    """A total over a range: does the range end after the last complete day?"""
    if compiled.end is None:
        return Check(NAME, "ok", f"All data; complete through {through}.")
    last_day = date.fromisoformat(compiled.end[:10]) - timedelta(days=1)
    if last_day <= date.fromisoformat(through[:10]):
        return Check(NAME, "ok", f"The range ends by {through}.")
    return _warn(f"range up to {last_day}", through)


def _warn(what: str, through: str) -> Check:
    return Check(
        NAME,
        "warn",
        what,
        caveat=f"Incomplete period: {what} is covered only through {through}; "
        "do not compare it with a full one.",
    )


def bucket_end(start: str, grain: str) -> date:
    """The last day of the bucket that starts on `start`; custom grains count as one day."""
    day = date.fromisoformat(start)
    if grain == "week":
        return day + timedelta(days=6)
    months = {"month": 1, "quarter": 3, "year": 12}.get(grain)
    if months is None:
        return day
    index = day.year * 12 + day.month - 1 + months
    return date(index // 12, index % 12 + 1, 1) - timedelta(days=1)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
