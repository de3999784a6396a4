"""A slow, obvious evaluator of metric requests over Python rows, to compare the compiler with.

It knows the rules of docs/metrics.md and shares no code with the compiler: no SQL, own joins.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
Group = tuple[Any, ...]
Number = int | Decimal | Fraction | None


@dataclass
class Spec:
    """A metric as the reference knows it."""

    name: str
    kind: str  # simple, ratio, derived, cumulative
    mart: str = ""
    agg: str = ""
    column: str = ""
    time: str = ""
    keep: tuple[str, str] | None = None  # own filter: field = value
    stock_key: str = ""
    fill: int | None = None
    spine: bool = False
    inputs: tuple[tuple[str, str, tuple[str, str] | None, str], ...] = ()  # alias, name, keep, back
    expr: Callable[[Mapping[str, Any]], Any] | None = None
    window: int | None = None  # days
    to_grain: str = ""
    period: str = "last"


@dataclass
class Ask:
    """A request."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: str = ""
    start: date | None = None
    end: date | None = None  # included
    where: tuple[tuple[str, str, Any], ...] = ()  # field, operator, value


@dataclass
class World:
    """Rows by mart, and the way from each mart to each field: (own column, mart, its key)."""

    marts: dict[str, list[Row]]
    ways: dict[tuple[str, str], tuple[list[tuple[str, str, str]], str]]
    specs: dict[str, Spec]
    _index: dict[tuple[str, str], dict[Any, Row]] = field(default_factory=dict)

    def value(self, mart: str, row: Row, name: str) -> Any:
        hops, column = self.ways[mart, name]
        for own, other, key in hops:
            found = self.index(other, key).get(row[own]) if row[own] is not None else None
            if found is None:
                return None
            row = found
        return row[column]

    def index(self, mart: str, key: str) -> dict[Any, Row]:
        if (mart, key) not in self._index:
            self._index[mart, key] = {row[key]: row for row in self.marts[mart]}
        return self._index[mart, key]


def evaluate(world: World, ask: Ask) -> dict[Group, tuple[Any, ...]]:
    """Group -> the metrics' values. The group holds the period first, if there is a grain."""
    columns = [_metric(world, ask, name, (), ()) for name in ask.metrics]
    groups = {group for found, _ in columns for group in found}
    for found, empty in columns:
        shown = {group[0] for group in found} if ask.grain else set()
        groups |= {(day, *[None] * len(ask.by)) for day in empty if day not in shown}
    if not ask.grain and not ask.by:
        groups = {()}
    return {
        group: tuple(_shown(world, ask, i, group, columns) for i in range(len(columns)))
        for group in groups
    }


def _shown(world: World, ask: Ask, i: int, group: Group, columns: Sequence[Any]) -> Any:
    value = columns[i][0].get(group)
    fill = world.specs[ask.metrics[i]].fill
    return fill if value is None and fill is not None else value


Found = tuple[dict[Group, Any], set[date]]


def _metric(
    world: World, ask: Ask, name: str, keeps: tuple[tuple[str, str], ...], back: tuple[str, ...]
) -> Found:
    spec = world.specs[name]
    keeps = (*keeps, *((spec.keep,) if spec.keep else ()))
    if spec.kind == "simple":
        found = _simple(world, ask, spec, keeps, ask.start, ask.end) if not back else {}
        if back:
            return _back(world, ask, spec, keeps, back), set()
        return found, (_periods(world, ask, spec) if spec.spine and ask.grain else set())
    if spec.kind == "cumulative":
        return _cumulative(world, ask, spec, keeps)
    return _formula(world, ask, spec, keeps, back)


def _formula(
    world: World,
    ask: Ask,
    spec: Spec,
    keeps: tuple[tuple[str, str], ...],
    back: tuple[str, ...],
) -> Found:
    parts: list[tuple[str, Spec, dict[Group, Any], str]] = []
    empty: set[date] = set()
    for alias, name, keep, shift in spec.inputs:
        found, more = _metric(
            world,
            ask,
            name,
            (*keeps, *((keep,) if keep else ())),
            (*back, *((shift,) if shift else ())),
        )
        empty |= {day for day in more if day not in {g[0] for g in found}}
        parts.append((alias, world.specs[name], found, shift))
    groups = {group for _, _, found, _ in parts for group in found}
    groups |= {(day, *[None] * len(ask.by)) for day in empty}
    if not ask.grain and not ask.by:
        groups = {()}
    is_shifted = bool(back) or any(shift for *_, shift in parts)
    same_rows = len({_rows_of(world, name, keep) for _, name, keep, _ in spec.inputs}) == 1
    result: dict[Group, Any] = {}
    for group in groups:
        given = {}
        for alias, inner, found, _ in parts:
            value = found.get(group)
            given[alias] = inner.fill if value is None and inner.fill is not None else value
        if any(value is not None for value in given.values()) and not is_shifted and not same_rows:
            for alias, inner, _, _ in parts:
                counts = inner.agg in ("sum", "count", "count_distinct") and not inner.stock_key
                if given[alias] is None and inner.kind == "simple" and counts:
                    given[alias] = 0
        assert spec.expr is not None
        result[group] = None if any(v is None for v in given.values()) else spec.expr(given)
    return result, set()


def _rows_of(world: World, name: str, keep: Any) -> Any:
    """What decides whether two inputs always have rows in the same groups."""
    spec = world.specs[name]
    if spec.kind == "simple":
        return spec.mart, spec.time, frozenset(k for k in (keep, spec.keep) if k)
    if spec.kind == "cumulative":
        return ("cumulative", name)
    inner = {_rows_of(world, n, k) for _, n, k, _ in spec.inputs}
    return (name, keep) if len(inner) > 1 or keep else inner.pop()


def _simple(
    world: World,
    ask: Ask,
    spec: Spec,
    keeps: tuple[tuple[str, str], ...],
    start: date | None,
    end: date | None,
) -> dict[Group, Any]:
    rows = _passing(world, ask, spec, keeps, start, end)
    if spec.stock_key:
        rows = _last_of_each(ask, spec, rows)
    grouped: dict[Group, list[Row]] = {} if ask.grain or ask.by else {(): []}
    for row in rows:
        key = tuple(world.value(spec.mart, row, name) for name in ask.by)
        period = (bucket(row[spec.time], ask.grain),) if ask.grain else ()
        grouped.setdefault((*period, *key), []).append(row)
    return {group: aggregate(spec, found) for group, found in grouped.items()}


def _last_of_each(ask: Ask, spec: Spec, rows: list[Row]) -> list[Row]:
    rows = [row for row in rows if row[spec.column] is not None]

    def key(row: Row) -> Any:
        return row[spec.stock_key], bucket(row[spec.time], ask.grain) if ask.grain else None

    last: dict[Any, date] = {}
    for row in rows:
        last[key(row)] = max(last.get(key(row), row[spec.time]), row[spec.time])
    return [row for row in rows if row[spec.time] == last[key(row)]]


def _passing(
    world: World,
    ask: Ask,
    spec: Spec,
    keeps: tuple[tuple[str, str], ...],
    start: date | None,
    end: date | None,
) -> list[Row]:
    found = []
    for row in world.marts[spec.mart]:
        time = row[spec.time]
        in_range = (start is None or (time is not None and time >= start)) and (
            end is None or (time is not None and time <= end)
        )
        kept = all(world.value(spec.mart, row, name) == value for name, value in keeps)
        if in_range and kept and all(_holds(world, spec, row, c) for c in ask.where):
            found.append(row)
    return found


def _holds(world: World, spec: Spec, row: Row, condition: tuple[str, str, Any]) -> bool:
    name, operator, value = condition
    given = world.value(spec.mart, row, name)
    if operator == "is null":
        return given is None
    if operator == "is distinct from":
        return bool(given != value)
    if given is None:
        return False
    if operator == "in":
        return given in value
    return bool(given == value) if operator == "=" else bool(given != value)


def aggregate(spec: Spec, rows: Sequence[Row]) -> Any:
    """SQL's aggregates: nulls are left out, nothing sums to null."""
    values = [row[spec.column] for row in rows if row[spec.column] is not None]
    if spec.agg == "count":
        return len(values)
    if spec.agg == "count_distinct":
        return len(set(values))
    if not values:
        return None
    if spec.agg == "average":
        return Fraction(sum(map(Fraction, values))) / len(values)
    return {"sum": sum, "min": min, "max": max}[spec.agg](values)


def bucket(day: date | None, grain: str) -> date | None:
    """The first day of the period."""
    if day is None:
        return None
    if grain == "week":
        return day - timedelta(days=day.weekday())
    month = {"month": day.month, "quarter": 3 * ((day.month - 1) // 3) + 1, "year": 1}.get(grain)
    return day.replace(month=month, day=1) if month else day


def _data_days(world: World, ask: Ask, spec: Spec) -> list[date]:
    """The days that are shown: the data's first to last, within the range."""
    times = [row[spec.time] for row in world.marts[spec.mart] if row[spec.time] is not None]
    if not times:
        return []
    first, last = min(times), max(times)
    days = [first + timedelta(days=i) for i in range((last - first).days + 1)]
    return [d for d in days if (not ask.start or d >= ask.start) and (not ask.end or d <= ask.end)]


def _periods(world: World, ask: Ask, spec: Spec) -> set[date]:
    return {found for d in _data_days(world, ask, spec) if (found := bucket(d, ask.grain))}


def minus(day: date, back: str) -> date:
    """A day earlier by "1 month": the last day where the month is shorter."""
    count, unit = back.split()
    if unit.startswith(("day", "week")):
        return day - timedelta(days=int(count) * (7 if unit.startswith("week") else 1))
    months = int(count) * (12 if unit.startswith("year") else 1)
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _back(
    world: World, ask: Ask, spec: Spec, keeps: tuple[tuple[str, str], ...], back: tuple[str, ...]
) -> dict[Group, Any]:
    """Earlier buckets, seen from the periods that are shown."""
    whole = _simple(world, ask, spec, keeps, None, None)
    result: dict[Group, Any] = {}
    for period in _periods(world, ask, spec):
        earlier = period
        for shift in back:
            earlier = minus(earlier, shift)
        result |= {(period, *group[1:]): v for group, v in whole.items() if group[0] == earlier}
    return result


def _cumulative(world: World, ask: Ask, spec: Spec, keeps: tuple[tuple[str, str], ...]) -> Found:
    source = world.specs[spec.inputs[0][1]]
    keeps = (*keeps, *((source.keep,) if source.keep else ()))
    rows = _passing(world, ask, source, keeps, None, None)
    days = _data_days(world, ask, source)
    periods: dict[Any, list[date]] = {}
    for day in days:
        periods.setdefault(bucket(day, ask.grain) if ask.grain else None, []).append(day)
    result: dict[Group, Any] = {}
    for period, within in periods.items():
        lead = (period,) if ask.grain else ()
        shown = within[-1:] if spec.period == "last" or not ask.grain else within
        for day in shown:
            seen = [
                r for r in rows if r[source.time] is not None and _in(spec, r[source.time], day)
            ]
            grouped: dict[Group, list[Row]] = {} if ask.by else {(): []}
            for row in seen:
                key = tuple(world.value(source.mart, row, name) for name in ask.by)
                grouped.setdefault(key, []).append(row)
            for key, found in grouped.items():
                value = aggregate(source, found)
                if result.get((*lead, *key)) is None:  # the first day with a value
                    result[(*lead, *key)] = value
    return result, ({p for p in periods if p} if ask.grain and ask.by else set())


def _in(spec: Spec, time: date, day: date) -> bool:
    since = bucket(day, spec.to_grain) if spec.to_grain else None
    if since and time < since:
        return False
    if spec.window and time <= day - timedelta(days=spec.window):
        return False
    return time <= day
