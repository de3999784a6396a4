"""What the answer says about its numbers: columns, definitions, remarks, the plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from martlet.flow.catalog import Dimension
from martlet.flow.metric import CompiledMetric, MetricColumn, MetricRequest, MetricUse
from martlet.metrics import definitions, offsets
from martlet.metrics.compare import columns_of
from martlet.metrics.definitions import length_of
from martlet.metrics.draft import Draft
from martlet.metrics.formulas import fill_of, sides_differ
from martlet.metrics.grains import MONTHS, Length, has_clock
from martlet.metrics.request import Key
from martlet.metrics.tree import ADDITIVE, Node


def describe(
    request: MetricRequest,
    draft: Draft,
    wanted: Sequence[Node],
    text: str,
    ahead: Length | None = None,
) -> CompiledMetric:
    """The compiled request with everything its reader must know."""
    times = [key.ref.grain for key in draft.keys if key.is_metric_time and key.ref.grain]
    others = [key.ref.grain for key in draft.keys if key.is_time and key.ref.grain]
    return CompiledMetric(
        sql=text,
        columns=(
            *(_key_column(draft, key) for key in draft.keys),
            *(column for node in wanted for column in _metric_columns(draft, node, ahead)),
        ),
        metrics=tuple(_use(draft, node) for node in wanted),
        marts=tuple(draft.marts),
        start=draft.span.start or None,
        end=draft.span.end or None,
        grain=(times or others or [""])[0],
        notes=tuple(dict.fromkeys([*_notes(draft, wanted), *_compare_notes(draft, ahead)])),
        plan=tuple(_plan(draft, wanted)),
        row_limit=request.limit,
    )


def is_additive(draft: Draft, node: Node) -> bool:
    """Whether the groups of the answer add up to its total."""
    if node.is_leaf:
        assert node.source is not None
        plain = not (node.window or node.shifts or node.converts or node.source.non_additive)
        return plain and node.source.agg in ADDITIVE
    if node.metric.type != "derived":
        return False
    linear = draft.kit.expressions.is_linear(node.metric.expr, node.metric.name)
    children = [child for _, child in node.inputs]
    if not linear or not all(is_additive(draft, child) for child in children):
        return False
    # In a group where one sum is null and another is not, the formula is null: a part is lost.
    return len(children) < 2 or sides_differ(node) or all(_never_null(draft, c) for c in children)


def _never_null(draft: Draft, node: Node) -> bool:
    """Whether a leaf has a value in every group that has rows, as far as the build knows."""
    if node.source is None or node.source.agg == "count" or node.source.agg == "sum_boolean":
        return node.source is not None
    state = draft.kit.build.marts.get(node.mart) if draft.kit.build else None
    profile = state.columns.get(node.source.expr) if state else None
    return profile is not None and profile.nulls == 0


def _key_column(draft: Draft, key: Key) -> MetricColumn:
    if key.is_metric_time:
        columns = dict.fromkeys(_time_columns(draft))
        return MetricColumn(
            name=key.name,
            kind="time",
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
        kind="time" if place.is_time else "dimension",
        label=found.label,
        unit=column.unit if column else "",
        meaning=found.description or (column.description if column else ""),
        source=f"{place.mart.name}.{found.name}",
        null_label=null_label or (column.null_label if column else ""),
    )


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
    if ahead is None:
        return [now]
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
    ]


def _compare_notes(draft: Draft, ahead: Length | None) -> list[str]:
    if ahead is None:
        return []
    notes = [
        f"Compared with {ahead} earlier; the period that is not over is compared with the same "
        "elapsed part of the earlier one."
    ]
    by_day = any(key.ref.grain == "day" for key in draft.keys)
    if by_day and ahead.unit in MONTHS:
        notes.append("29 February counts as 28 February of the next year.")
    return notes


def _use(draft: Draft, node: Node) -> MetricUse:
    columns = dict.fromkeys(_time_column(draft, leaf) for leaf in node.leaves())
    return MetricUse(
        name=node.metric.name,
        definition=definitions.define(node, draft.kit),
        version=node.metric.version,
        time_column=", ".join(column for column in columns if column),
    )


def _time_column(draft: Draft, leaf: Node) -> str:
    own = draft.kit.names.time_of(leaf)
    return f"{leaf.mart}.{own}" if own else ""


def _time_columns(draft: Draft) -> list[str]:
    leaves = [node for part in draft.parts for node in part.nodes]
    return [column for leaf in leaves if (column := _time_column(draft, leaf))]


def _notes(draft: Draft, wanted: Sequence[Node]) -> list[str]:
    uses_time = any(key.is_metric_time for key in draft.keys) or draft.span.start or draft.span.end
    notes = _range_notes(draft)
    columns = dict.fromkeys(_time_columns(draft))
    if uses_time and len(columns) > 1:
        notes.append(f"metric_time is each metric's own time: {', '.join(columns)}.")
    notes += _calendar_notes(draft) + _null_notes(draft) + _empty_notes(draft)
    notes += [
        f"Metric('{name}') is computed per {entity}, over the asked range if there is one."
        for name, entity in draft.used_as_filter.items()
    ]
    grouped = bool(draft.keys)
    for node in wanted:
        notes += _metric_notes(draft, node, grouped)
    return notes


def _range_notes(draft: Draft) -> list[str]:
    span = draft.span
    if not span.start and not span.end:
        return []
    low = f"from {span.start}" if span.start else "up to"
    if not span.end:
        return [f"Range: {low} on; nothing is widened to whole periods."]
    last = (
        f"{date.fromisoformat(span.end) - timedelta(days=1)} included"
        if len(span.end) == 10
        else f"{span.end} excluded"
    )
    through = f"{low} through {last}" if span.start else f"{low} {last}"
    return [f"Range: {through}; not widened to whole periods."]


def _calendar_notes(draft: Draft) -> list[str]:
    """How times were cut, where a reader could think of another way."""
    catalog = draft.kit.catalog
    grains = {key.ref.grain for key in draft.keys if key.is_time}
    notes = [f"Weeks start on {catalog.week_start.capitalize()}."] if "week" in grains else []
    notes += [
        f"{grain} is a period of the company's own calendar, read from {catalog.time_spine}."
        for grain in sorted(grains & catalog.calendars.keys())
    ]
    uses_time = any(key.is_metric_time for key in draft.keys) or draft.span.start or draft.span.end
    clocks = [
        _time_column(draft, leaf)
        for part in draft.parts
        for leaf in part.nodes
        if (found := draft.kit.time_field(leaf)) and has_clock(found.granularity or "day")
    ]
    if uses_time and clocks:
        columns = ", ".join(dict.fromkeys(clocks))
        notes.append(f"{columns} has a time of day; days are cut from it as stored.")
    return notes


def _null_notes(draft: Draft) -> list[str]:
    """`!=` leaves null rows out; said unless the build knows that there are none."""
    notes = []
    for condition in draft.where:
        for ref in condition.negated():
            leaf = draft.parts[0].nodes[0]
            if ref.is_metric_time or draft.kit.names.find(ref, leaf) is None:
                continue
            place = draft.kit.names.field(ref, [leaf])[leaf.home]
            state = draft.kit.build.marts.get(place.mart.name) if draft.kit.build else None
            profile = state.columns.get(place.field.expr) if state else None
            if place.path or profile is None or profile.nulls:
                notes.append(
                    f"`{condition.text}` leaves out rows where {ref.name} is null; "
                    "write `is distinct from` to keep them."
                )
    return notes


def _empty_notes(draft: Draft) -> list[str]:
    if not any(part.periods for part in draft.parts):
        return []
    note = "Periods without rows are shown, from the first to the last day of the data"
    note += " within the range." if draft.span.start or draft.span.end else "."
    part = next(part for part in draft.parts if part.periods)
    if len(draft.time_keys(part.nodes[0])) < len(draft.keys):
        note += " In them the other columns are empty."
    return [note]


def _metric_notes(draft: Draft, node: Node, is_grouped: bool) -> list[str]:
    notes = []
    name = node.metric.name
    if is_grouped and not is_additive(draft, node):
        how = "need not" if node.metric.type == "derived" else "do not"
        why = _why_not_additive(node)
        notes.append(f"{name}: {why}, so the groups {how} add up to a total.")
    for leaf in node.leaves():
        if leaf.converts:
            notes.append(_conversion_note(leaf))
        if leaf.window:
            notes.append(_window_note(draft, leaf))
        moved = offsets.moved_rows(draft, leaf) if leaf.shifts else None
        if moved:
            notes.append(f"{name}: each row counts {moved} after its own time.")
        if leaf.shifts and _can_repeat_a_day(draft, leaf):
            notes.append(
                f"{name}: a day that the earlier month lacks looks at that month's last day, "
                "so 29, 30 and 31 March can show the same earlier day."
            )
        if leaf.is_windowed and draft.span.start:
            notes.append(f"{name}: the range limits what is shown, not what is looked back at.")
    if fill_of(node) is not None:
        notes.append(f"{name}: {fill_of(node):g} stands where there are no rows.")
    return notes


def _can_repeat_a_day(draft: Draft, leaf: Node) -> bool:
    by_day = any(key.ref.grain == "day" for key in draft.time_keys(leaf))
    return by_day and any(shift.back and shift.back.unit in MONTHS for shift in leaf.shifts)


def _why_not_additive(node: Node) -> str:
    if not node.is_leaf:
        is_ratio = node.metric.type in ("ratio", "conversion")
        return "a ratio of sums" if is_ratio else "computed from its inputs' totals"
    assert node.source is not None
    if node.converts:
        return "a count of conversions"
    if node.window:
        return "a running value"
    if node.shifts:
        return "a value of an earlier period"
    if node.source.non_additive:
        return "a stock"
    if node.source.agg == "count_distinct":
        return "a distinct count"
    return f"a {node.source.agg}"


def _conversion_note(leaf: Node) -> str:
    metric = leaf.metric
    window = f"at most {length_of(leaf)} earlier" if metric.window else "before it"
    return (
        f"{metric.name}: events count once, in the period and group of the last base row of the "
        f"same {metric.entity}, {window}; rows without {metric.entity} are left out of "
        "both sides; the range is that of the base rows."
    )


def _window_note(draft: Draft, leaf: Node) -> str:
    assert leaf.window is not None
    over = definitions.window_words(leaf)
    if not draft.time_keys(leaf):
        return f"{leaf.metric.name}: {over}, as of the last day of the data or range."
    when = {
        "last": "as of the last day of each period that has data",
        "first": "as of the first day of each period with a value",
        "average": "averaged over the days of each period",
    }[leaf.window.period_agg]
    return f"{leaf.metric.name}: {over}, {when}."


def _plan(draft: Draft, wanted: Sequence[Node]) -> list[str]:
    lines = []
    for part in draft.parts:
        names = ", ".join(dict.fromkeys(node.metric.name for node in part.nodes))
        mart = part.nodes[0].mart
        time = _time_column(draft, part.nodes[0])
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
