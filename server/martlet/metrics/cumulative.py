"""Cumulative metrics: a window that ends on each day shown, computed from the rows by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.errors import RequestError
from martlet.metrics import scans, sql
from martlet.metrics.draft import Draft, Part
from martlet.metrics.grains import has_clock
from martlet.metrics.request import Key
from martlet.metrics.spine import days, grain_of, main_key, period_start, periods, split_where
from martlet.metrics.tree import COUNTS, Node

REPEATABLE = {"sum": "sum", "count": "sum", "sum_boolean": "sum", "min": "min", "max": "max"}


@dataclass(frozen=True)
class _Parts:
    """The pieces of a cumulative value: its rows by day, and the function over them."""

    rows: str
    function: str


def cumulative(draft: Draft, leaf: Node, *, name: str) -> Part:
    """A part with the value of a window that ends on each day shown (or each bucket's last day)."""
    assert leaf.source is not None and leaf.window is not None
    if leaf.source.non_additive:
        raise RequestError(
            "metric.unsupported",
            f"`{leaf.metric.name}` accumulates a stock, which cannot be added up over time.",
            next_step=f"Ask for `{leaf.source.name}`.",
        )
    times = draft.time_keys(leaf)
    if times:
        main_key(draft, leaf)
    others = draft.other_keys(leaf)
    pieces = _daily(draft, leaf, name)
    points = _points(draft, leaf, times)
    per_day = leaf.window.period_agg != "last" and bool(times)
    columns = [_point_or_row(key, times, points, pieces.rows) for key in draft.keys]
    day = sql.dotted(points, "_day")
    value = pieces.function
    if not times and not others:  # one row, also when no day of the data lies in the range
        value = f"case when max({day}) is not null then {value} end"
    lead = [*columns, (day, "_day")] if per_day else columns
    joined = sql.select(
        [*lead, (value, "_value" if per_day else draft.column(leaf))],
        [
            sql.name(points),
            f"{'inner' if others else 'left'} join {sql.name(pieces.rows)}\n    on "
            + "\n    and ".join(_window(draft, leaf, day, sql.dotted(pieces.rows, "_day"))),
        ],
        group=len(lead),
    )
    densify = periods(draft, leaf) if others and times else ""
    if not per_day:
        return Part(draft.add(name, joined), (leaf,), densify)
    inner = draft.add(f"{name}_by_day", joined)
    picked = "avg(_value)" if leaf.window.period_agg == "average" else "arg_min(_value, _day)"
    titles = [(sql.name(key.name), key.name) for key in draft.keys]
    text = sql.select([*titles, (picked, draft.column(leaf))], [sql.name(inner)], group=len(titles))
    return Part(draft.add(name, text), (leaf,), densify)


def _daily(draft: Draft, leaf: Node, name: str) -> _Parts:
    """Rows of the metric by day: added up where that loses nothing, else as they are."""
    assert leaf.source is not None
    rows = draft.rows(leaf)
    on_rows, _ = split_where(draft, leaf)
    others = [(rows.key(key), key.name) for key in draft.other_keys(leaf)]
    conditions = [*rows.conditions(on_rows), *rows.conditions(draft.filters(leaf))]
    again = REPEATABLE.get(str(leaf.source.agg))
    value = rows.value(leaf.source)
    if again:
        value = scans.aggregate(leaf, value, (), is_grouped=True)
    keys = [(f"cast({rows.time} as date)", "_day"), *others]
    text = sql.select(
        [*keys, (value, "_value")], rows.tables, where=conditions, group=len(keys) if again else 0
    )
    draft.read(rows)
    title = draft.add(f"{name}_rows", text)
    column = sql.dotted(title, "_value")
    function = f"{again}({column})" if again else scans.function(leaf.source, column)
    if again == "sum" and leaf.source.agg in COUNTS:
        function = f"coalesce({function}, 0)"  # a count over no rows is 0, as in SQL
    return _Parts(title, function)


def _points(draft: Draft, leaf: Node, times: Sequence[Key]) -> str:
    """The CTE of the days on which the window is looked at: all, or each bucket's last."""
    assert leaf.window is not None
    all_days = days(draft, leaf)
    if times and (leaf.window.period_agg != "last" or grain_of(main_key(draft, leaf)) == "day"):
        return all_days
    keys = [(sql.name(key.name), key.name) for key in times]
    text = sql.select([*keys, ("max(_day)", "_day")], [sql.name(all_days)], group=len(keys))
    return draft.add(f"{leaf.mart}_last_days", text)


def _point_or_row(key: Key, times: Sequence[Key], points: str, rows: str) -> tuple[str, str]:
    return sql.dotted(points if key in times else rows, key.name), key.name


def _window(draft: Draft, leaf: Node, day: str, row_day: str) -> list[str]:
    assert leaf.window is not None
    conditions = [f"{row_day} <= {day}"]
    if leaf.window.length:
        if has_clock(leaf.window.length.unit):
            raise RequestError(
                "metric.unsupported",
                f"`{leaf.metric.name}` has a window of {leaf.window.length}; windows count days.",
            )
        conditions.append(f"{row_day} > {day} - {leaf.window.length.sql}")
    if leaf.window.to_grain:
        conditions.append(f"{row_day} >= {period_start(draft, day, leaf.window.to_grain)}")
    return conditions
