"""What a page of a metric shows and only the compiler or the data can tell."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """The value of a metric in one period; None where it has none."""

    period: str
    value: float | None


@dataclass(frozen=True)
class MetricFacts:
    """A metric as the compiler reads it. `sql` answers the plain request `asked`.

    `refused` says why there is no plain request; `points` are whole months, oldest first.
    """

    definition: str = ""
    time_column: str = ""
    additive: bool = False
    dimensions: tuple[str, ...] = ()
    asked: str = ""
    sql: str = ""
    refused: str = ""
    points: tuple[Point, ...] = ()
