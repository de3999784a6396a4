"""The remarks of an answer: range, calendars, nulls, empty periods, what does not add up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from martlet.metrics import definitions, offsets
from martlet.metrics.additivity import is_additive
from martlet.metrics.definitions import length_of, time_column, time_columns
from martlet.metrics.draft import Draft
from martlet.metrics.formulas import fill_of
from martlet.metrics.grains import MONTHS, Length, has_clock
from martlet.metrics.tree import Node


def remarks(draft: Draft, wanted: Sequence[Node], ahead: Length | None) -> list[str]:
    """What the reader must not overlook, one sentence each."""
    uses_time = any(key.is_metric_time for key in draft.keys) or draft.span.start or draft.span.end
    notes = _range_notes(draft)
    columns = dict.fromkeys(time_columns(draft))
    if uses_time and columns:
        own = "each metric's own time: " if len(columns) > 1 else ""
        notes.append(f"metric_time is {own}{', '.join(columns)}.")
    notes += _calendar_notes(draft) + _null_notes(draft) + _empty_notes(draft)
    notes += [
        f"Metric('{name}') is computed per {entity}, over the asked range if there is one."
        for name, entity in draft.used_as_filter.items()
    ]
    grouped = bool(draft.keys)
    adding = [node.metric.name for node in wanted if grouped and is_additive(draft, node)]
    if adding:
        notes.append(f"{', '.join(adding)}: the groups add up to the total.")
    for node in wanted:
        notes += _metric_notes(draft, node, grouped)
    return list(dict.fromkeys([*notes, *_compare_notes(draft, ahead)]))


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
        time_column(draft, leaf)
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
            if place.path or profile is None or not profile.is_never_null:
                notes.append(
                    f"`{condition.text}` leaves out rows where {ref.name} is null; "
                    "write `is distinct from` to keep them."
                )
    return notes


def _empty_notes(draft: Draft) -> list[str]:
    parts = [part for part in draft.parts if part.periods or _runs(draft, part.nodes[0])]
    if not parts:
        return []
    note = "Periods without rows are shown, from the first to the last day of the data"
    note += " within the range." if draft.span.start or draft.span.end else "."
    has_empty = (len(draft.time_keys(p.nodes[0])) < len(draft.keys) for p in parts if p.periods)
    if any(has_empty):
        note += " In them the other columns are empty."
    return [note]


def _runs(draft: Draft, leaf: Node) -> bool:
    """A running value has one in every period, also where nothing happened."""
    return bool(leaf.window and any(not key.ref.part for key in draft.time_keys(leaf)))


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


def _metric_notes(draft: Draft, node: Node, is_grouped: bool) -> list[str]:
    notes = []
    name = node.metric.name
    if is_grouped and not is_additive(draft, node):
        how = "need not" if node.metric.type == "derived" else "do not"
        why = _why_not_additive(draft, node)
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


def _why_not_additive(draft: Draft, node: Node) -> str:
    if not node.is_leaf:
        is_ratio = node.metric.type in ("ratio", "conversion")
        return "a ratio of sums" if is_ratio else "computed from its inputs' totals"
    assert node.source is not None
    if node in draft.repeated:
        return f"a row of {node.mart} counts once in every group that it touches"
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
