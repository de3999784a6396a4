"""Conversion metrics: which events followed a base row of the same entity within a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from martlet.errors import RequestError
from martlet.flow.catalog import Metric
from martlet.flow.metric import ConversionCount
from martlet.metrics import scans, sql
from martlet.metrics.conditions import Condition
from martlet.metrics.draft import Draft, Part
from martlet.metrics.grains import read_length
from martlet.metrics.graph import Place, fields_of
from martlet.metrics.refs import Ref, split_name
from martlet.metrics.rows import Rows
from martlet.metrics.tree import Node, entity_is_known


def conversions(draft: Draft, leaf: Node, *, name: str, where: Sequence[Condition]) -> Part:
    """A part that counts each event once, in the group of the last base row before it.

    The window is exact and open at its far end: an event 7 days after a base row is outside a
    window of 7 days. Ties are broken by the declared `tie_break`, else by the base's own key.
    """
    events = leaf.converts
    assert events is not None and events.source is not None
    base = draft.add(f"{name}_base", _base(draft, leaf, where))
    later = draft.add(f"{name}_events", _events(draft, leaf, events))
    keys = [(sql.dotted(base, key.name), key.name) for key in draft.keys]
    matched = sql.select(
        [*keys, (sql.dotted(later, "_value"), "_value")],
        [sql.name(later), f"inner join {sql.name(base)}\n    on " + _match(leaf, base, later)],
        qualify=f"row_number() over (partition by {sql.dotted(later, '_event')} order by "
        f"{sql.dotted(base, '_at')} desc, {sql.dotted(base, '_tie_break')} desc nulls last) = 1",
    )
    found = draft.add(f"{name}_matched", matched)
    draft.counts.append(_counted(draft, leaf, where, found))
    titles = [(sql.name(key.name), key.name) for key in draft.keys]
    text = sql.select(
        [*titles, (scans.function(events.source, "_value"), draft.column(leaf))],
        [sql.name(found)],
        group=len(titles),
    )
    return Part(draft.add(name, text), (leaf,))


def _counted(draft: Draft, leaf: Node, where: Sequence[Condition], found: str) -> ConversionCount:
    """How both sides of a conversion are counted, over all groups, nobody left out."""
    assert leaf.converts is not None
    sides = {
        "_all_base": _base(draft, _with_nobody(leaf, leaf.metric), where),
        "_all_events": _events(draft, leaf, _with_nobody(leaf.converts, leaf.metric)),
    }
    counts = [
        f"(select {what} from {table})"
        for table in sides
        for what in ("count(*)", "count(_entity)")
    ]
    matched = f"(select count(*) from {sql.name(found)})"
    text = sql.with_ctes([*draft.ctes, *sides.items()], f"select {', '.join([*counts, matched])}")
    return ConversionCount(leaf.metric.name, leaf.metric.entity, text)


def _with_nobody(leaf: Node, metric: Metric) -> Node:
    """A side of the conversion with the rows of whom nobody knows."""
    known = entity_is_known(metric)
    return replace(leaf, filters=tuple(text for text in leaf.filters if text != known))


def _base(draft: Draft, leaf: Node, where: Sequence[Condition]) -> str:
    rows = draft.rows(leaf)
    metric = leaf.metric
    keys = [(rows.key(key), key.name) for key in draft.keys]
    columns = [
        (rows.field(_place(rows, metric.entity)), "_entity"),
        (_time(rows, metric.base_time), "_at"),
        (_tie_break(draft, rows), "_tie_break"),
        *_properties(rows, [pair.base_property for pair in metric.constant_properties]),
    ]
    conditions = [*scans.base_conditions(draft, rows, where), *rows.conditions(draft.filters(leaf))]
    draft.read(rows)
    return sql.select([*keys, *columns], rows.tables, where=conditions)


def _events(draft: Draft, leaf: Node, events: Node) -> str:
    rows = draft.rows(events)
    metric = leaf.metric
    assert events.source is not None
    columns = [
        ("row_number() over ()", "_event"),
        (rows.field(_place(rows, metric.entity)), "_entity"),
        (_time(rows, metric.conversion_time), "_at"),
        (rows.value(events.source), "_value"),
        *_properties(rows, [pair.conversion_property for pair in metric.constant_properties]),
    ]
    conditions = rows.conditions(draft.filters(events))
    draft.read(rows)
    return sql.select(columns, rows.tables, where=conditions)


def _match(leaf: Node, base: str, later: str) -> str:
    conditions = [f"{sql.dotted(base, '_entity')} = {sql.dotted(later, '_entity')}"]
    conditions += [
        f"{sql.dotted(base, title)} = {sql.dotted(later, title)}"
        for title in (f"_property_{i + 1}" for i in range(len(leaf.metric.constant_properties)))
    ]
    before, after = sql.dotted(base, "_at"), sql.dotted(later, "_at")
    conditions.append(f"{before} <= {after}")
    if leaf.metric.window:
        length = read_length(leaf.metric.window, where=f"window of {leaf.metric.name}")
        conditions.append(f"{before} > {after} - {length.sql}")
    return "\n    and ".join(conditions)


def _properties(rows: Rows, names: Sequence[str]) -> list[tuple[str, str]]:
    return [(rows.field(_place(rows, name)), f"_property_{i + 1}") for i, name in enumerate(names)]


def _place(rows: Rows, name: str) -> Place:
    return rows.place_of(split_name(name, ()))


def _time(rows: Rows, declared: str) -> str:
    """The declared time of the event, else the metric's own."""
    return rows.field(rows.place_of(Ref((), declared))) if declared else rows.stored_time


def _tie_break(draft: Draft, rows: Rows) -> str:
    """What decides between base rows of the same time: declared, or the key of the mart."""
    declared = rows.leaf.metric.tie_break
    mart = draft.kit.catalog.marts[rows.leaf.mart]
    key = next((item.expr for item in mart.entities if item.type == "primary"), "")
    if not declared and not key:
        raise RequestError(
            "metric.unsupported",
            f"`{rows.leaf.metric.name}` does not say which of several base rows of the same time "
            "an event belongs to.",
            next_step=f"Its author must set `tie_break`, or a primary entity on {mart.name}.",
        )
    fields = {item.name: item.expr for item in fields_of(mart)}
    return draft.kit.expressions.row(fields.get(declared, declared) or key, mart.name, mart.name)
