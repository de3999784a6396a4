"""Incomplete period: a time bucket that the data covers only in part."""

from __future__ import annotations

from datetime import date, timedelta

from martlet.flow.trust import Check
from martlet.trust.question import Question

NAME = "incomplete_period"


def incomplete_period(question: Question) -> Check:
    """Marks metric buckets that end after the last complete day; raw SQL is not checked."""
    compiled = question.compiled
    if compiled is None:
        return Check(
            NAME,
            "not_checked",
            "Buckets of your own SQL are not compared with the last complete day"
            + (f" ({question.complete_through})." if question.complete_through else "."),
        )
    through = question.complete_through
    if through is None:
        return Check(NAME, "not_checked", "The marts do not say up to which day they are complete.")
    if compiled.grain:
        return _buckets(question, through)
    return _range(question, through)


def _buckets(question: Question, through: str) -> Check:
    """Each bucket of the time column against the last complete day."""
    compiled = question.compiled
    assert compiled is not None
    place = next((i for i, column in enumerate(compiled.columns) if column.kind == "time"), None)
    if place is None:
        return _range(question, through)
    last = date.fromisoformat(through[:10])
    starts = {str(row[place])[:10] for row in question.rows.values if row[place] is not None}
    partial = sorted(
        day for day in starts if _is_date(day) and bucket_end(day, compiled.grain) > last
    )
    if not partial:
        return Check(NAME, "ok", f"Every bucket ends by {through}.")
    return _warn(f"{compiled.grain} from {', '.join(partial[-3:])}", through)


def _range(question: Question, through: str) -> Check:
    """A total over a range: does the range end after the last complete day?"""
    compiled = question.compiled
    assert compiled is not None
    if compiled.end is None:
        return Check(NAME, "ok", f"All data; complete through {through}.")
    if date.fromisoformat(compiled.end[:10]) - timedelta(days=1) <= date.fromisoformat(
        through[:10]
    ):
        return Check(NAME, "ok", f"The range ends by {through}.")
    return _warn(f"range up to {compiled.end}", through)


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
