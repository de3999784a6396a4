"""A slow, obvious evaluator of metric requests over Python rows, to compare the compiler with.

It knows the rules of docs/metrics.md and shares no code with the compiler: no SQL, own joins.
"""

from __future__ import annotations

import calendar
import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
    kind: str  # simple, ratio, derived, cumulative, conversion
    mart: str = ""
    agg: str = ""
    column: str = ""
    time: str = ""
    keep: tuple[str, str] | None = None  # own filter: field = value
    stock_key: str = ""
    edge: str = "last"  # of a stock: the last or the first of a period
    fill: int | None = None
    spine: bool = False
    inputs: tuple[tuple[str, str, tuple[str, str] | None, str], ...] = ()  # alias, name, keep, back
    expr: Callable[[Mapping[str, Any]], Any] | None = None
    window: int | None = None  # days
    to_grain: str = ""
    period: str = "last"
    events: str = ""  # conversion: the metric whose rows follow those of `mart`
    entity: str = ""  # its column, and that of the rows' key, which decides ties
    tie: str = ""
    same: str = ""  # a column that must be equal on both sides


@dataclass
class Ask:
    """A request."""

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    grain: str = ""
    start: date | None = None
    end: date | None = None  # included
    where: tuple[tuple[str, str, Any], ...] = ()  # field, operator, value
    having: tuple[str, int] | None = None  # a metric, and what it must exceed
    compare: str = ""  # a length such as "1 month"


@dataclass
class World:
    """Rows by mart, and the way from each mart to each field: (own column, mart, its key).

    A mart whose rows have `since` and `until` is joined at the day of the first row.
    """

    marts: dict[str, list[Row]]
    ways: dict[tuple[str, str], tuple[list[tuple[str, str, str]], str]]
    specs: dict[str, Spec]
    spans: dict[str, list[date]] = field(default_factory=dict)  # of rows that were moved
    unmoved: dict[str, list[Row]] = field(default_factory=dict)  # what they are joined to
    _index: dict[tuple[str, str], dict[Any, Row]] = field(default_factory=dict)

    def value(self, mart: str, row: Row, name: str) -> Any:
        hops, column = self.ways[mart, name]
        day = row.get("_stored", row.get("day"))
        for own, other, key in hops:
            found = self._partner(other, key, row[own], day)
            if found is None:
                return None
            row = found
        return row[column]

    def _partner(self, mart: str, key: str, value: Any, day: date | None) -> Row | None:
        if value is None:
            return None
        partners = (self.unmoved or self.marts)[mart]
        if partners and "since" in partners[0]:
            fits = [
                row
                for row in partners
                if row[key] == value
                and day is not None
                and row["since"] <= day
                and (row["until"] is None or day < row["until"])
            ]
            return fits[0] if fits else None
        return self.index(mart, key).get(value)

    def days(self, mart: str, time: str) -> list[date]:
        """The days of a mart's rows as they were before anybody moved them."""
        found = [row[time] for row in self.marts[mart] if row[time] is not None]
        return self.spans.get(mart, found)

    def moved(self, ahead: str) -> World:
        """The same with every fact later by a length, as far as its data reach."""
        marts, spans = dict(self.marts), {}
        for mart, rows in self.marts.items():
            if rows and "day" not in rows[0]:
                continue
            spans[mart] = [row["day"] for row in rows if row["day"] is not None]
            later = [
                {**row, "day": plus(row["day"], ahead), "_stored": row["day"]}
                for row in rows
                if row["day"] is not None
            ]
            last = max(spans[mart], default=date.min)
            marts[mart] = [row for row in later if row["day"] <= last]
        specs = {name: replace(spec, spine=False) for name, spec in self.specs.items()}
        return World(marts, self.ways, specs, spans, self.marts)

    def index(self, mart: str, key: str) -> dict[Any, Row]:
        if (mart, key) not in self._index:
            partners = (self.unmoved or self.marts)[mart]
            self._index[mart, key] = {row[key]: row for row in partners}
        return self._index[mart, key]


def evaluate(world: World, ask: Ask) -> dict[Group, tuple[Any, ...]]:
    """Group -> the metrics' values. The group holds the period first, if there is a grain."""
    if ask.having:
        return _having(world, ask, *ask.having)
    if ask.compare:
        return _compared(world, ask)
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


def _having(world: World, ask: Ask, name: str, least: int) -> dict[Group, tuple[Any, ...]]:
    """The groups in which a metric exceeds a number; it adds no groups itself."""
    plain = replace(ask, having=None)
    shown = evaluate(world, plain)
    tested = evaluate(world, replace(plain, metrics=(*ask.metrics, name), compare=""))
    return {
        group: values
        for group, values in shown.items()
        if group in tested and tested[group][-1] is not None and tested[group][-1] > least
    }


def _compared(world: World, ask: Ask) -> dict[Group, tuple[Any, ...]]:
    """Each metric, its value so much earlier, the difference and the growth."""
    plain = replace(ask, compare="")
    now, before = evaluate(world, plain), evaluate(world.moved(ask.compare), plain)
    none = tuple(world.specs[name].fill for name in ask.metrics)
    result = {}
    for group in {**now, **before}:
        pairs = zip(now.get(group, none), before.get(group, none), strict=True)
        result[group] = tuple(value for pair in pairs for value in _change(*pair))
    return result


def _change(now: Any, before: Any) -> tuple[Any, ...]:
    if now is None or before is None:
        return now, before, None, None
    change = Fraction(now) - Fraction(before)
    return now, before, change, change / abs(Fraction(before)) if before else None


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
    if spec.kind == "cumulative" and back:
        source = world.specs[spec.inputs[0][1]]
        whole, _ = _cumulative(world, replace(ask, start=None, end=None), spec, keeps)
        return _seen_later(world, ask, source, whole, back), set()
    if spec.kind == "cumulative":
        return _cumulative(world, ask, spec, keeps)
    if spec.kind == "conversion":
        return _conversions(world, ask, spec, keeps), set()
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
                if given[alias] is None and inner.kind in ("simple", "conversion") and counts:
                    given[alias] = 0
        assert spec.expr is not None
        result[group] = None if any(v is None for v in given.values()) else spec.expr(given)
    return result, set()


def _rows_of(world: World, name: str, keep: Any) -> Any:
    """What decides whether two inputs always have rows in the same groups."""
    spec = world.specs[name]
    if spec.kind == "simple":
        return spec.mart, spec.time, frozenset(k for k in (keep, spec.keep) if k)
    if spec.kind in ("cumulative", "conversion"):
        return (spec.kind, name)
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

    def at(row: Row) -> date:
        stored: date = row.get("_stored", row[spec.time])
        return stored

    pick = min if spec.edge == "first" else max
    edge: dict[Any, date] = {}
    for row in rows:
        edge[key(row)] = pick(edge.get(key(row), at(row)), at(row))
    return [row for row in rows if at(row) == edge[key(row)]]


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
        kept = all(_is(world.value(spec.mart, row, name), value) for name, value in keeps)
        if in_range and kept and all(_holds(world, ask, spec, row, c) for c in ask.where):
            found.append(row)
    return found


def _is(given: Any, value: str) -> bool:
    return given is not None if value == "*" else bool(given == value)


def _holds(world: World, ask: Ask, spec: Spec, row: Row, condition: tuple[str, str, Any]) -> bool:
    name, operator, value = condition
    given = world.value(spec.mart, row, name)
    if operator == "is null":
        return given is None
    if operator == "metric >":
        return given is not None and _exceeds(world, ask, given, *value)
    if operator == "is distinct from":
        return bool(given != value)
    if given is None:
        return False
    if operator == "in":
        return given in value
    return bool(given == value) if operator == "=" else bool(given != value)


def _exceeds(world: World, ask: Ask, entity: Any, metric: str, least: int) -> bool:
    """Whether a metric over the asked range is greater for this entity."""
    table = evaluate(world, Ask((metric,), ("customer",), start=ask.start, end=ask.end))
    value = table.get((entity,), (None,))[0]
    return value is not None and value > least


def aggregate(spec: Spec, rows: Sequence[Row]) -> Any:
    """SQL's aggregates: nulls are left out, nothing sums to null."""
    values = [row[spec.column] for row in rows if row[spec.column] is not None]
    if spec.agg == "count":
        return len(values)
    if spec.agg == "count_distinct":
        return len(set(values))
    if not values:
        return None
    if spec.agg == "median":
        return statistics.median(map(Fraction, values))
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
    times = world.days(spec.mart, spec.time)
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


def plus(day: date, ahead: str) -> date:
    """A day later by "1 month": the last day where the month is shorter."""
    count, unit = ahead.split()
    return minus(day, f"-{count} {unit}")


def _back(
    world: World, ask: Ask, spec: Spec, keeps: tuple[tuple[str, str], ...], back: tuple[str, ...]
) -> dict[Group, Any]:
    """Earlier buckets, seen from the periods that are shown."""
    whole = _simple(world, ask, spec, keeps, None, None)
    return _seen_later(world, ask, spec, whole, back)


def _seen_later(
    world: World, ask: Ask, spec: Spec, whole: dict[Group, Any], back: tuple[str, ...]
) -> dict[Group, Any]:
    result: dict[Group, Any] = {}
    for period in _periods(world, ask, spec):
        earlier = period
        for shift in back:
            to = shift.removeprefix("start of ")
            earlier = bucket(earlier, to) or earlier if to != shift else minus(earlier, shift)
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
    daily: dict[Group, list[Any]] = {}
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
                daily.setdefault((*lead, *key), []).append(value)
    result = {group: _of_days(spec, values) for group, values in daily.items()}
    return result, ({p for p in periods if p} if ask.grain and ask.by else set())


def _of_days(spec: Spec, values: Sequence[Any]) -> Any:
    """The value of a period out of those of its days: the first, or the mean, of days with one."""
    known = [value for value in values if value is not None]
    if spec.period == "average" and known:
        return Fraction(sum(map(Fraction, known))) / len(known)
    return known[0] if known else None


def _conversions(
    world: World, ask: Ask, spec: Spec, keeps: tuple[tuple[str, str], ...]
) -> dict[Group, Any]:
    """Each event, in the group of the last row before it of the same entity."""
    events = world.specs[spec.events]
    base = [
        row
        for row in _passing(world, ask, spec, keeps, ask.start, ask.end)
        if row[spec.entity] is not None
    ]
    grouped: dict[Group, list[Row]] = {} if ask.grain or ask.by else {(): []}
    own = (events.keep,) if events.keep else ()
    for event in _passing(world, Ask(()), events, own, None, None):
        fits = [row for row in base if _leads_to(spec, row, event)]
        if not fits:
            continue
        row = max(fits, key=lambda row: (row[spec.time], row[spec.tie]))
        period = (bucket(row[spec.time], ask.grain),) if ask.grain else ()
        key = (*period, *(world.value(spec.mart, row, name) for name in ask.by))
        grouped.setdefault(key, []).append(event)
    return {key: aggregate(events, rows) for key, rows in grouped.items()}


def _leads_to(spec: Spec, row: Row, event: Row) -> bool:
    if row[spec.entity] != event[spec.entity] or row[spec.time] > event[spec.time]:
        return False
    if spec.same and (row[spec.same] is None or row[spec.same] != event[spec.same]):
        return False
    return not spec.window or row[spec.time] > event[spec.time] - timedelta(days=spec.window)


def _in(spec: Spec, time: date, day: date) -> bool:
    since = bucket(day, spec.to_grain) if spec.to_grain else None
    if since and time < since:
        return False
    if spec.window and time <= day - timedelta(days=spec.window):
        return False
    return time <= day
