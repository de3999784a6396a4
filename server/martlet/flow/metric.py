"""A metric request, and what the compiler made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from martlet.flow.catalog import MetricQuery

MetricRequest = MetricQuery


@dataclass(frozen=True)
class MetricColumn:
    """One column of the compiled query, in order."""

    name: str
    kind: Literal["dimension", "time", "metric"]
    label: str = ""
    unit: str = ""
    meaning: str = ""
    source: str = ""  # "fct_orders.channel", or the metric's name
    null_label: str = ""
    additive: bool = False  # metric: the groups add up to the total


@dataclass(frozen=True)
class MetricUse:
    """A metric as it was used: its definition in one line and the column that was its time."""

    name: str
    definition: str
    version: str
    time_column: str = ""


@dataclass(frozen=True)
class ConversionCount:
    """What a conversion metric counted on both of its sides.

    `sql` gives one row: base rows, those of them with the entity, events, those of them with it,
    and the events that were converted to.
    """

    metric: str
    entity: str
    sql: str


@dataclass(frozen=True)
class CompiledMetric:
    """SQL for the gate, and what the answer must say about it.

    `start` (inclusive) and `end` (exclusive) are the exact range asked for, ISO dates or None.
    `notes` are sentences for the reader (half-open range, densified buckets, groups that do not
    add up). `plan` is the compiler's plan in words, for `explain`.
    """

    sql: str
    columns: tuple[MetricColumn, ...]
    metrics: tuple[MetricUse, ...]
    marts: tuple[str, ...]
    start: str | None = None
    end: str | None = None
    grain: str = ""
    notes: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    counts: tuple[ConversionCount, ...] = ()
    row_limit: int | None = None  # the caller's `limit`; not part of the SQL, `run` asks for n + 1
