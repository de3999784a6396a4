"""Values that look beyond their own bucket: offsets and cumulative metrics over a spine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.errors import RequestError
from martlet.metrics import scans, sql
from martlet.metrics.conditions import Condition, Meaning
from martlet.metrics.draft import Draft, Part
from martlet.metrics.grains import (
    GRAINS,
    Length,
    Shift,
    common_lengths,
    has_clock,
    is_aligned,
    is_finer,
    truncate,
)
from martlet.metrics.refs import Ref
from martlet.metrics.request import Key
from martlet.metrics.tree import COUNTS, Node

REPEATABLE = {"sum": "sum", "count": "sum", "sum_boolean": "sum", "min": "min", "max": "max"}


def split_where(draft: Draft, leaf: Node) -> tuple[list[Condition], list[Condition]]:
    """Conditions on rows, and conditions on the leaf's time, which limit only what is shown.

    Raises: RequestError `metric.filter` for a condition that mixes both.
    """
    on_rows, on_time = [], []
    for condition in draft.where:
        times = [draft.is_time_of(ref, leaf) for ref in condition.fields]
        if times and all(times) and not condition.metrics:
            on_time.append(condition)
        elif any(times):
            raise RequestError(
                "metric.filter",
                f"`{draft.owner(leaf)}` looks beyond the range that is shown, so a condition "
                "on it must be on time or on other dimensions, not on both.",
                where=condition.text,
                next_step="Split it, or give the range as `start` and `end`.",
            )
        else:
            on_rows.append(condition)
    return on_rows, on_time


def days(draft: Draft, leaf: Node) -> str:
    """The CTE of the days that are shown: the data's first to last day, within the range."""
    rows = draft.rows(leaf)
    source = draft.kit.catalog.marts[leaf.mart]
    day = f"cast({rows.stored_time} as date)"
    bounds = draft.add(
        f"{source.name}_span",
        sql.select([(f"min({day})", "first_day"), (f"max({day})", "last_day")], rows.tables),
    )
    draft.read(rows)
    tables, column = _spine(draft, bounds)
    keys = [(_cut_day(draft, column, key.ref), key.name) for key in draft.time_keys(leaf)]
    text = sql.select([(column, "day"), *keys], tables, where=_shown_days(draft, leaf, column))
    return draft.add(f"{source.name}_days", text)


def _shown_days(draft: Draft, leaf: Node, day: str) -> list[str]:
    """What limits the days: the range and the conditions on time, unless they are looked back at."""
    if leaf.is_unbounded:
        return []
    _, on_time = split_where(draft, leaf)
    return [*draft.span.conditions(day), *(_on_day(draft, day, item) for item in on_time)]


def periods(draft: Draft, leaf: Node) -> str:
    """The CTE of the buckets that are shown."""
    keys = draft.time_keys(leaf)
    names = [(sql.name(key.name), key.name) for key in keys]
    text = sql.select(names, [sql.name(days(draft, leaf))], group=len(names))
    return draft.add(f"{leaf.mart}_periods", text)


def shifted(draft: Draft, leaf: Node, base: Part) -> Part:
    """A part with the values of `base` seen from a later bucket.

    Raises: RequestError `metric.unsupported` without a time to look back from, `metric.grain` for
    an offset that does not lead to a whole bucket.
    """
    main = main_key(draft, leaf)
    shown = periods(draft, leaf)
    times = draft.time_keys(leaf)
    earlier = sql.dotted(shown, main.name)
    for shift in leaf.shifts:
        earlier = _moved(draft, leaf, earlier, shift, main)
    columns = [
        (sql.dotted(shown if key in times else base.name, key.name), key.name) for key in draft.keys
    ]
    text = sql.select(
        [*columns, (sql.dotted(base.name, draft.column(base.nodes[0])), draft.column(leaf))],
        [
            sql.name(shown),
            f"inner join {sql.name(base.name)}\n    on "
            f"{sql.dotted(base.name, main.name)} = {earlier}",
        ],
    )
    return Part(draft.add(draft.column(leaf), text), (leaf,))


def moved_rows(draft: Draft, leaf: Node) -> Length | None:
    """The length by which rows can be moved instead, where buckets do not lie that far apart.

    A row then counts in the bucket of its own time plus the length; each row in exactly one.
    """
    is_simple = leaf.source is not None and not (leaf.window or leaf.converts)
    back = leaf.shifts[0].back if len(leaf.shifts) == 1 else None
    cut = [key for key in draft.time_keys(leaf) if not key.ref.part]
    if back is None or not is_simple or not cut or leaf.ahead:
        return None
    grain = _finest(cut).ref.grain or "day"
    plain = grain in GRAINS and not has_clock(grain)
    return None if plain and is_aligned(back, grain) else back


def _finest(keys: Sequence[Key]) -> Key:
    main = keys[0]
    for key in keys[1:]:
        if is_finer(_grain(key), _grain(main)):
            main = key
    return main


def main_key(draft: Draft, leaf: Node) -> Key:
    """The finest bucket of the leaf's time in the request."""
    cut = [key for key in draft.time_keys(leaf) if not key.ref.part]
    if not cut:
        raise RequestError(
            "metric.unsupported",
            f"`{draft.owner(leaf)}` compares with an earlier time, so it needs a time to group by.",
            next_step="Add `grain`, for example grain='month'.",
        )
    main = _finest(cut)
    if has_clock(_grain(main)) or _grain(main) not in GRAINS:
        raise RequestError(
            "metric.grain",
            f"`{draft.owner(leaf)}` cannot be shown by {_grain(main)}.",
            next_step="Ask by day, week, month, quarter or year.",
        )
    return main


def _moved(draft: Draft, leaf: Node, bucket: str, shift: Shift, main: Key) -> str:
    """The bucket that a bucket looks back to."""
    grain, week = _grain(main), draft.kit.catalog.week_start
    if shift.back is None:
        coarser = is_finer(grain, shift.to_grain)
        return truncate(bucket, shift.to_grain, week_start=week) if coarser else bucket
    if not is_aligned(shift.back, grain):
        raise RequestError(
            "metric.grain",
            f"`{draft.owner(leaf)}` looks {shift.back} back, which is no whole {grain}.",
            next_step=f"Ask by day; by {grain} only {common_lengths(grain)} can be looked back.",
        )
    return f"cast({bucket} - {shift.back.sql} as date)"


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
    day = sql.dotted(points, "day")
    value = pieces.function
    lead = [*columns, (day, "day")] if per_day else columns
    joined = sql.select(
        [*lead, (value, "value" if per_day else draft.column(leaf))],
        [
            sql.name(points),
            f"{'inner' if others else 'left'} join {sql.name(pieces.rows)}\n    on "
            + "\n    and ".join(_window(draft, leaf, day, sql.dotted(pieces.rows, "day"))),
        ],
        group=len(lead),
    )
    densify = periods(draft, leaf) if others and times else ""
    if not per_day:
        return Part(draft.add(name, joined), (leaf,), densify)
    inner = draft.add(f"{name}_by_day", joined)
    picked = "avg(value)" if leaf.window.period_agg == "average" else "arg_min(value, day)"
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
        value = scans.aggregate(leaf, rows, (), is_grouped=True)
    keys = [(f"cast({rows.time} as date)", "day"), *others]
    text = sql.select(
        [*keys, (value, "value")], rows.tables, where=conditions, group=len(keys) if again else 0
    )
    draft.read(rows)
    title = draft.add(f"{name}_rows", text)
    column = sql.dotted(title, "value")
    function = f"{again}({column})" if again else scans.function(leaf.source, column)
    if again == "sum" and leaf.source.agg in COUNTS:
        function = f"coalesce({function}, 0)"  # a count over no rows is 0, as in SQL
    return _Parts(title, function)


def _points(draft: Draft, leaf: Node, times: Sequence[Key]) -> str:
    """The CTE of the days on which the window is looked at: all, or each bucket's last."""
    assert leaf.window is not None
    all_days = days(draft, leaf)
    if times and (leaf.window.period_agg != "last" or _grain(main_key(draft, leaf)) == "day"):
        return all_days
    keys = [(sql.name(key.name), key.name) for key in times]
    text = sql.select([*keys, ("max(day)", "day")], [sql.name(all_days)], group=len(keys))
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
        conditions.append(f"{row_day} >= {_period_start(draft, leaf, day)}")
    return conditions


def _period_start(draft: Draft, leaf: Node, day: str) -> str:
    assert leaf.window is not None
    grain = leaf.window.to_grain
    if grain in GRAINS:
        return truncate(day, grain, week_start=draft.kit.catalog.week_start)
    spine = draft.kit.spine()
    if not spine:
        raise _no_calendar(grain)
    column = sql.name(draft.kit.catalog.calendars[grain])
    at = sql.name(draft.kit.catalog.time_spine_column)
    return f"(select any_value({column}) from marts.{sql.name(spine)} where {at} = {day})"


def _spine(draft: Draft, bounds: str) -> tuple[list[str], str]:
    """FROM clause of one row a day between the bounds, and its day column."""
    spine = draft.kit.spine()
    first, last = sql.dotted(bounds, "first_day"), sql.dotted(bounds, "last_day")
    if not spine:
        series = f"unnest(generate_series({first}, {last}, interval 1 day))"
        text = sql.select([(f"cast({series} as date)", "day")], [sql.name(bounds)])
        name = draft.add(f"{bounds}_days", text)
        return [sql.name(name)], sql.dotted(name, "day")
    if spine not in draft.marts:
        draft.marts.append(spine)
    raw = sql.dotted("spine", draft.kit.catalog.time_spine_column)
    is_date = draft.kit.type_of(spine, draft.kit.catalog.time_spine_column) == "DATE"
    column = raw if is_date else f"cast({raw} as date)"
    join = f"inner join {sql.name(bounds)}\n    on {column} between {first} and {last}"
    return [f"marts.{sql.name(spine)} as spine", join], column


def _cut_day(draft: Draft, day: str, ref: Ref) -> str:
    if ref.part:
        return f"extract({'isodow' if ref.part == 'dow' else ref.part} from {day})"
    grain = ref.grain or "day"
    if grain == "day":
        return day
    if grain in GRAINS:
        return truncate(day, grain, week_start=draft.kit.catalog.week_start)
    if not draft.kit.spine():
        raise _no_calendar(grain)
    return sql.dotted("spine", draft.kit.catalog.calendars[grain])


def _on_day(draft: Draft, day: str, condition: Condition) -> str:
    """A condition on the leaf's time, as one on the day of the spine."""

    def value(meaning: Meaning, as_day: bool | None) -> str:
        assert isinstance(meaning, Ref)
        return _cut_day(draft, day, meaning)

    def is_time(meaning: Meaning) -> bool:
        return isinstance(meaning, Ref) and not meaning.part

    return condition.sql(value, is_time)


def _grain(key: Key) -> str:
    return key.ref.grain or "day"


def _no_calendar(grain: str) -> RequestError:
    return RequestError(
        "metric.grain",
        f"The grain `{grain}` needs the time spine, which is not published.",
        next_step="Use day, week, month, quarter or year.",
    )
