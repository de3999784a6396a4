"""Time grains: their order, the SQL that truncates to them, and lengths of time."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import get_args

from martlet.errors import RequestError
from martlet.flow.catalog import Grain

GRAINS: tuple[str, ...] = get_args(Grain)  # finer first
PARTS: tuple[str, ...] = ("year", "quarter", "month", "week", "day", "dow", "doy")
MONTHS = {"month": 1, "quarter": 3, "year": 12}
_LENGTH = re.compile(r"\s*(\d{1,5})\s+([a-z][a-z0-9_]*?)s?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Length:
    """A length of time: 7 days."""

    count: int
    unit: str

    @property
    def sql(self) -> str:
        if self.unit == "quarter":
            return f"interval {3 * self.count} month"
        return f"interval {self.count} {self.unit}"

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


@dataclass(frozen=True)
class Shift:
    """How far back an input looks: a length, or the first bucket of a coarser period."""

    back: Length | None = None
    to_grain: str = ""

    def __str__(self) -> str:
        return f"{self.back} earlier" if self.back else f"at the start of the {self.to_grain}"


def read_length(text: str, *, where: str, calendars: Collection[str] = ()) -> Length:
    """A length such as "7 days" or "1 month"; of a custom period where `calendars` has it.

    Raises: RequestError `metric.grain`.
    """
    match = _LENGTH.fullmatch(text)
    known = (*GRAINS, *calendars)
    unit = match[2].lower() if match else ""
    if match and unit not in known and f"{unit}s" in known:
        unit = f"{unit}s"  # a custom period may end in s
    if match is None or unit not in known or int(match[1]) < 1:
        raise RequestError(
            "metric.grain",
            f"`{text}` is not a length of time.",
            where=where,
            next_step="Write a count and one of: " + ", ".join(known) + " (for example `7 days`).",
        )
    return Length(int(match[1]), unit)


def is_finer(grain: str, than: str) -> bool:
    """Whether `grain` splits `than`; a custom calendar is made of days."""
    return _rank(grain) < _rank(than)


def _rank(grain: str) -> float:
    return GRAINS.index(grain) if grain in GRAINS else GRAINS.index("day") + 0.5


def has_clock(grain: str) -> bool:
    """Whether buckets of this grain are finer than a day."""
    return is_finer(grain, "day")


def truncate(sql: str, grain: str, *, week_start: str) -> str:
    """The first instant (below a day) or first day of the bucket that holds `sql`."""
    if grain == "day":
        return f"cast({sql} as date)"
    if has_clock(grain):
        return f"date_trunc('{grain}', cast({sql} as timestamp))"
    if grain == "week" and week_start == "sunday":
        moved = f"date_trunc('week', {sql} + interval 1 day) - interval 1 day"
        return f"cast({moved} as date)"
    return f"cast(date_trunc('{grain}', {sql}) as date)"


def is_aligned(back: Length, grain: str) -> bool:
    """Whether going back by this length leads from a bucket of the grain to a whole bucket."""
    if grain in MONTHS:
        return back.unit in MONTHS and (back.count * MONTHS[back.unit]) % MONTHS[grain] == 0
    if grain == "week":
        return back.unit == "week" or (back.unit == "day" and back.count % 7 == 0)
    if back.unit not in GRAINS or grain not in GRAINS:
        return back.unit == grain
    return not is_finer(back.unit, grain)


def common_lengths(grain: str) -> str:
    """Lengths that fit a grain, in words."""
    return {
        "week": "weeks",
        "month": "months, quarters or years",
        "quarter": "quarters or years",
        "year": "years",
        "day": "days or longer",
    }.get(grain, f"{grain}s")
