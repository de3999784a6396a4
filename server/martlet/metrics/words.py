"""What the answer says about its numbers: columns, definitions, the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from martlet.flow.catalog import Column, Dimension
from martlet.flow.metric import CompiledMetric, MetricColumn, MetricRequest, MetricUse
from martlet.metrics import definitions, shares, top
from martlet.metrics.additivity import is_additive
from martlet.metrics.compare import columns_of, share_of
from martlet.metrics.definitions import time_column, time_columns
from martlet.metrics.draft import Draft
from martlet.metrics.grains import Length
from martlet.metrics.remarks import remarks
from martlet.metrics.request import Key
from martlet.metrics.top import Ranking
from martlet.metrics.tree import Node


def describe(
    request: MetricRequest,
    draft: Draft,
    wanted: Sequence[Node],
    text: str,
    ahead: Length | None = None,
    ranking: Ranking | None = None,
) -> CompiledMetric:
    """The compiled request with everything its reader must know."""
    notes = [top.remark(draft, ranking)] if ranking else []
    notes += [*shares.remarks(draft, wanted), *remarks(draft, wanted, ahead)]
    times = [key.ref.grain for key in draft.keys if key.is_metric_time and key.ref.grain]
    others = [key.ref.grain for key in draft.keys if key.is_time and key.ref.grain]
    return CompiledMetric(
        sql=text,
        columns=(
            *(_key_column(draft, key) for key in draft.shown_keys),
            *(column for node in wanted for column in _metric_columns(draft, node, ahead)),
        ),
        metrics=tuple(_use(draft, node) for node in wanted),
        marts=tuple(draft.marts),
        start=draft.span.start or None,
        end=draft.span.end or None,
        grain=(times or others or [""])[0],
        notes=tuple(notes),
        plan=tuple(_plan(draft, wanted)),
        counts=tuple(dict.fromkeys(draft.counts)),
        row_limit=request.limit,
    )


def _key_column(draft: Draft, key: Key) -> MetricColumn:
    if key.is_metric_time:
        columns = dict.fromkeys(time_columns(draft))
        return MetricColumn(
            name=key.name,
            kind="dimension" if key.ref.part else "time",
            label=f"Time ({key.ref.grain or key.ref.part})",
            meaning=f"The {key.ref.grain or key.ref.part} of {' or '.join(columns)}.",
            source=", ".join(columns),
        )
    place = next(iter(key.places.values()))
    found = place.field
    column = place.mart.column(found.expr)
    null_label = found.null_label if isinstance(found, Dimension) else ""
    return MetricColumn(
        name=key.name,
        kind="time" if place.is_time and not key.ref.part else "dimension",
        label=found.label,
        unit=column.unit if column else "",
        meaning=found.description or (column.description if column else ""),
        source=f"{place.mart.name}.{found.name}",
        null_label=_null_words(draft, null_label, column, place.path),
    )


def _null_words(draft: Draft, label: str, column: Column | None, path: Sequence[str]) -> str:
    """What null in a group means: also that there is nothing to join, or a period was added."""
    own = label or (column.null_label or column.null_meaning if column else "")
    joined = f"no {path[-1]}" if path else ""
    added = "a period without rows" if any(part.periods for part in draft.parts) else ""
    return " or ".join(text for text in (own.rstrip("."), joined, added) if text)


def _metric_column(draft: Draft, node: Node) -> MetricColumn:
    metric = node.metric
    return MetricColumn(
        name=metric.name,
        kind="metric",
        label=metric.label,
        unit=metric.unit,
        meaning=metric.description,
        source=metric.name,
        additive=is_additive(draft, node),
    )


def _metric_columns(draft: Draft, node: Node, ahead: Length | None) -> list[MetricColumn]:
    now = _metric_column(draft, node)
    share = [_share_column(draft, now)] if draft.totals and node in draft.totals.nodes else []
    if ahead is None:
        return [now, *share]
    previous, change, growth = columns_of(now.name)
    return [
        now,
        replace(now, name=previous, meaning=f"{now.name} {ahead} earlier."),
        replace(now, name=change, meaning=f"{now.name} minus {previous}."),
        replace(
            now,
            name=growth,
            unit="ratio",
            meaning=f"{change} as a fraction of {previous}; null when that is 0.",
            additive=False,
        ),
        *share,
    ]


def _share_column(draft: Draft, now: MetricColumn) -> MetricColumn:
    per = " of its period" if draft.totals and draft.totals.keys else ""
    return replace(
        now,
        name=share_of(now.name),
        unit="ratio",
        meaning=f"{now.name} as a fraction of the total{per}; null when that is 0.",
        additive=now.additive and not per,
    )


def _use(draft: Draft, node: Node) -> MetricUse:
    columns = dict.fromkeys(time_column(draft, leaf) for leaf in node.leaves())
    return MetricUse(
        name=node.metric.name,
        definition=definitions.define(node, draft.kit),
        version=node.metric.version,
        time_column=", ".join(column for column in columns if column),
    )


def _plan(draft: Draft, wanted: Sequence[Node]) -> list[str]:
    lines = []
    for part in draft.parts:
        names = ", ".join(dict.fromkeys(node.metric.name for node in part.nodes))
        mart = part.nodes[0].mart
        time = time_column(draft, part.nodes[0])
        by = ", ".join(key.name for key in draft.keys) or "nothing (one total)"
        lines.append(f"{part.name}: {names} from {mart} by {by}; time is {time or 'none'}.")
        lines += _paths(draft, part.nodes[0])
    if len(draft.parts) > 1:
        lines.append("The parts are aggregated apart, then joined on equal groups, null included.")
    lines += [
        f"{node.metric.name} = {definitions.define(node, draft.kit)}"
        for node in wanted
        if not node.is_leaf
    ]
    return lines


def _paths(draft: Draft, leaf: Node) -> list[str]:
    return [
        f"  {key.name}: {leaf.mart} → {' → '.join(hop.to_mart for hop in place.hops)}, "
        "each row has at most one."
        for key in draft.keys
        if (place := key.places.get(leaf.home)) and place.hops
    ]
