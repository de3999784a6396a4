"""The days and periods that an answer shows: from the data's first day to its last."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.errors import RequestError
from martlet.metrics import sql
from martlet.metrics.conditions import Condition, Meaning
from martlet.metrics.draft import Draft
from martlet.metrics.grains import GRAINS, has_clock, is_finer, truncate
from martlet.metrics.refs import Ref
from martlet.metrics.request import Key
from martlet.metrics.tree import Node


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
    text = sql.select([(column, "_day"), *keys], tables, where=_shown_days(draft, leaf, column))
    return draft.add(f"{source.name}_days", text)


def periods(draft: Draft, leaf: Node) -> str:
    """The CTE of the buckets that are shown."""
    keys = draft.time_keys(leaf)
    names = [(sql.name(key.name), key.name) for key in keys]
    text = sql.select(names, [sql.name(days(draft, leaf))], group=len(names))
    return draft.add(f"{leaf.mart}_periods", text)


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


def main_key(draft: Draft, leaf: Node) -> Key:
    """The finest bucket of the leaf's time in the request."""
    cut = [key for key in draft.time_keys(leaf) if not key.ref.part]
    if not cut:
        raise RequestError(
            "metric.unsupported",
            f"`{draft.owner(leaf)}` compares with an earlier time, so it needs a time to group by.",
            next_step="Add `grain`, for example grain='month'.",
        )
    main = finest(cut)
    if has_clock(grain_of(main)):
        raise RequestError(
            "metric.grain",
            f"`{draft.owner(leaf)}` cannot be shown by {grain_of(main)}.",
            next_step="Ask by day, week, month, quarter or year.",
        )
    return main


def finest(keys: Sequence[Key]) -> Key:
    main = keys[0]
    for key in keys[1:]:
        if is_finer(grain_of(key), grain_of(main)):
            main = key
    return main


def grain_of(key: Key) -> str:
    return key.ref.grain or "day"


def custom_column(draft: Draft, grain: str) -> tuple[str, str]:
    """The time spine, as SQL, and its column of a custom period.

    Raises: RequestError `metric.grain` when no time spine is published.
    """
    spine = draft.kit.spine()
    if not spine or grain not in draft.kit.catalog.calendars:
        raise no_calendar(grain)
    if spine not in draft.marts:
        draft.marts.append(spine)
    return sql.name(spine), draft.kit.catalog.calendars[grain]


def period_start(draft: Draft, day: str, grain: str) -> str:
    """The period that a day lies in, of a standard grain or a custom one."""
    if grain in GRAINS:
        return truncate(day, grain, week_start=draft.kit.catalog.week_start)
    spine, column = custom_column(draft, grain)
    at = sql.name(draft.kit.catalog.time_spine_column)
    return f"(select any_value({sql.name(column)}) from marts.{spine} where {at} = {day})"


def no_calendar(grain: str) -> RequestError:
    return RequestError(
        "metric.grain",
        f"The grain `{grain}` needs a column of the time spine, which is not published.",
        next_step="Use day, week, month, quarter or year.",
    )


def _shown_days(draft: Draft, leaf: Node, day: str) -> list[str]:
    """What limits the days: range and conditions on time, unless a later one looks back at them."""
    if leaf.is_unbounded:
        return []
    _, on_time = split_where(draft, leaf)
    return [*draft.span.conditions(day), *(_on_day(draft, day, item) for item in on_time)]


def _spine(draft: Draft, bounds: str) -> tuple[list[str], str]:
    """FROM clause of one row a day between the bounds, and its day column."""
    spine = draft.kit.spine()
    first, last = sql.dotted(bounds, "first_day"), sql.dotted(bounds, "last_day")
    if not spine:
        series = f"unnest(generate_series({first}, {last}, interval 1 day))"
        text = sql.select([(f"cast({series} as date)", "_day")], [sql.name(bounds)])
        name = draft.add(f"{bounds}_days", text)
        return [sql.name(name)], sql.dotted(name, "_day")
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
        raise no_calendar(grain)
    return sql.dotted("spine", draft.kit.catalog.calendars[grain])


def _on_day(draft: Draft, day: str, condition: Condition) -> str:
    """A condition on the leaf's time, as one on the day of the spine."""

    def value(meaning: Meaning, as_day: bool | None) -> str:
        assert isinstance(meaning, Ref)
        return _cut_day(draft, day, meaning)

    def is_time(meaning: Meaning) -> bool:
        return isinstance(meaning, Ref) and not meaning.part

    return condition.sql(value, is_time)
