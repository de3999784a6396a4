"""The range of time that a request asks for: days, moments, or named periods."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from martlet.errors import RequestError
from martlet.flow.metric import MetricRequest
from martlet.metrics.conditions import is_date, read_day

HOW_TO_WRITE = "Write a day as YYYY-MM-DD, or a period: 2026-08, 2026-Q3, 2026-W31, 2026."
_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d{2})|[Qq]([1-4])|[Ww](\d{2})))?")


@dataclass(frozen=True)
class Span:
    """The range asked for, as SQL-ready ISO texts; `end` is exclusive."""

    start: str = ""
    end: str = ""

    def conditions(self, time: str) -> list[str]:
        """The range as conditions on a time expression."""
        low = [f"{time} >= {_typed(self.start)}"] if self.start else []
        return low + ([f"{time} < {_typed(self.end)}"] if self.end else [])


def read_span(request: MetricRequest) -> Span:
    """The range: from the start on, up to the end day or period included (a time of day is
    excluded). A week is that of ISO 8601, whatever the catalog's weeks start with.

    Raises: RequestError `request.invalid`.
    """
    start = _edges(request.start, "start")[0] if request.start else ""
    end = _edges(request.end, "end")[1] if request.end else ""
    if start and end and datetime.fromisoformat(start) >= datetime.fromisoformat(end):
        raise RequestError(
            "request.invalid",
            "The range is empty: it ends before it starts.",
            where=f"start: {request.start}, end: {request.end}",
            next_step="`start` and `end` are both included; give the earlier day as `start`.",
        )
    return Span(start, end)


def _edges(text: str, argument: str) -> tuple[str, str]:
    """Where it begins, and where what comes after it begins."""
    written = text.strip()
    try:
        if period := _PERIOD.fullmatch(written):
            first, after = _period(period)
            return first.isoformat(), after.isoformat()
        if is_date(written):
            day = read_day(written)
            return day.isoformat(), (day + timedelta(days=1)).isoformat()
        moment = datetime.fromisoformat(written)
    except (ValueError, OverflowError) as error:
        raise _refusal(f"`{argument}` is neither a day nor a period.", argument, text) from error
    if moment.tzinfo is not None:
        why = f"`{argument}` has a time zone; times are stored without one."
        raise _refusal(why, argument, text)
    return moment.isoformat(sep=" "), moment.isoformat(sep=" ")


def _period(written: re.Match[str]) -> tuple[date, date]:
    """First day of a year, quarter, month or ISO week, and the day after its last.

    Raises: ValueError when the calendar has no such period.
    """
    year, month, quarter, week = (int(part) if part else None for part in written.groups())
    assert year is not None
    if week is not None:
        monday = date.fromisocalendar(year, week, 1)
        return monday, monday + timedelta(days=7)
    months = 1 if month is not None else 3 if quarter else 12
    first = date(year, month if month is not None else 3 * (quarter or 1) - 2, 1)
    passed = first.month - 1 + months
    return first, date(year + passed // 12, passed % 12 + 1, 1)


def _refusal(why: str, argument: str, text: str) -> RequestError:
    return RequestError(
        "request.invalid", why, where=f"{argument}: {text[:60]}", next_step=HOW_TO_WRITE
    )


def _typed(moment: str) -> str:
    return f"date '{moment}'" if len(moment) == 10 else f"timestamp '{moment}'"
