"""Simple metrics: one pass over a mart computes all of them that share its time."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.errors import RequestError
from martlet.flow.catalog import Metric
from martlet.metrics import sql
from martlet.metrics.conditions import Condition
from martlet.metrics.draft import Draft, Part
from martlet.metrics.graph import fields_of
from martlet.metrics.rows import Rows
from martlet.metrics.tree import Node


def scan(draft: Draft, leaves: Sequence[Node], *, name: str, where: Sequence[Condition]) -> Part:
    """A part that aggregates all leaves of one home under the same conditions and range."""
    rows = draft.rows(leaves[0])
    keys = [(rows.key(key), key.name) for key in draft.keys]
    conditions = base_conditions(draft, rows, where)
    own = [_unique(rows.conditions(draft.filters(leaf)), conditions) for leaf in leaves]
    shared = [item for item in own[0] if all(item in filters for filters in own)]
    rest = [[item for item in filters if item not in shared] for filters in own]
    values = [rows.value(_source(leaf)) for leaf in leaves]
    if all(rest):
        either = dict.fromkeys(map(tuple, rest))
        shared = [*shared, " or ".join(f"({sql.both(item)})" for item in either)]
    passing = [*conditions, *shared]
    tables = rows.repeated_tables
    draft.read(rows)
    if rows.repeats:
        draft.repeated.update(leaves)
        inner = _distinct(rows, keys, values, rest, passing)
        tables, passing = [sql.name(draft.add(f"{name}_rows", inner))], []
        keys = [(sql.name(title), title) for _, title in keys]
        values = [f"_value_{i + 1}" for i in range(len(leaves))]
        rest = [[f"_passes_{i + 1}"] if item else [] for i, item in enumerate(rest)]
    columns = [
        (aggregate(leaf, value, filters, is_grouped=bool(keys)), draft.column(leaf))
        for leaf, value, filters in zip(leaves, values, rest, strict=True)
    ]
    text = sql.select([*keys, *columns], tables, where=passing, group=len(keys))
    return Part(draft.add(name, text), tuple(leaves))


def _distinct(
    rows: Rows,
    keys: Sequence[tuple[str, str]],
    values: Sequence[str],
    filters: Sequence[Sequence[str]],
    where: Sequence[str],
) -> str:
    """Each row of the mart once in every group that it touches, with its values."""
    columns = [*keys, (rows.row_key(), "_row")]
    columns += [(value, f"_value_{i + 1}") for i, value in enumerate(values)]
    columns += [(sql.both(item), f"_passes_{i + 1}") for i, item in enumerate(filters) if item]
    return sql.select(columns, rows.repeated_tables, where=where, group=len(columns))


def stock(draft: Draft, leaf: Node, *, name: str, where: Sequence[Condition]) -> Part:
    """A part for a semi-additive metric: the rows at the last (or first) time of each key.

    The time is taken per key inside each bucket of time; the other columns to group by come with
    the rows found, so that the groups add up to the total of the bucket.
    """
    rows = draft.rows(leaf)
    source = _source(leaf)
    assert source.non_additive is not None
    keys = [(rows.key(key), key.name) for key in draft.keys]
    kept_for = stock_keys(draft, rows)
    buckets = [rows.key(key) for key in draft.time_keys(leaf)]
    time = _stock_time(rows, source.non_additive.name)
    pick = "min" if source.non_additive.window_agg == "min" else "max"
    edge = f"{pick}({time}) over (partition by {', '.join([*kept_for, *buckets])})"
    value = rows.value(source)
    conditions = [*base_conditions(draft, rows, where), *rows.conditions(draft.filters(leaf))]
    inner = sql.select(
        [*keys, (value, "_value"), (time, "_at"), (edge, "_edge")],
        rows.tables,
        where=[*conditions, f"{value} is not null"],
    )
    draft.read(rows)
    inner_name = draft.add(f"{name}_rows", inner)
    titles = [(sql.name(key.name), key.name) for key in draft.keys]
    outer = sql.select(
        [*titles, (function(source, "_value"), draft.column(leaf))],
        [sql.name(inner_name)],
        where=["_at = _edge"],
        group=len(keys),
    )
    return Part(draft.add(name, outer), (leaf,))


def stock_keys(draft: Draft, rows: Rows) -> list[str]:
    """What a stock is kept for: the declared keys, else the other entities of its mart.

    Raises: RequestError `metric.unsupported` when there is neither.
    """
    source = _source(rows.leaf)
    assert source.non_additive is not None
    mart = draft.kit.catalog.marts[rows.leaf.mart]
    fields = {item.name: item.expr for item in fields_of(mart)}
    names = source.non_additive.group_by or tuple(
        item.name for item in mart.entities if item.type != "primary"
    )
    missing = [item for item in names if item.split("__")[-1] not in fields]
    if missing or not names:
        raise RequestError(
            "metric.unsupported",
            f"`{source.name}` is a stock that does not say what it is kept for"
            + (f" (`{missing[0]}` is not in {mart.name})." if missing else "."),
            next_step="Its author must set `non_additive_dimension.group_by`.",
        )
    return [
        draft.kit.expressions.row(fields[item.split("__")[-1]], mart.name, mart.name)
        for item in names
    ]


def aggregate(leaf: Node, value: str, filters: Sequence[str], *, is_grouped: bool) -> str:
    """The aggregate of a leaf over the rows that pass its filters; null without such rows."""
    source = _source(leaf)
    plain = function(source, value)
    if not filters:
        return plain
    passing = f" filter (where {sql.both(filters)})"
    if source.agg in ("count", "count_distinct") and is_grouped:
        return f"case when count(*){passing} > 0 then {plain}{passing} end"
    return plain + passing


def function(metric: Metric, value: str) -> str:
    """SQL of an aggregation; distributions are computed in floating point."""
    if metric.agg == "percentile":
        name = "quantile_disc" if metric.percentile_type == "discrete" else "quantile_cont"
        value = value if name == "quantile_disc" else f"cast({value} as double)"
        return f"{name}({value}, {metric.percentile if metric.percentile is not None else 0.5})"
    if metric.agg is None:
        raise RequestError(
            "metric.unsupported",
            f"`{metric.name}` does not say how it is aggregated.",
            next_step="Its author must set `agg`; other metrics are not affected.",
        )
    return _AGGREGATES[metric.agg].format(value)


_AGGREGATES = {
    "sum": "sum({})",
    "min": "min({})",
    "max": "max({})",
    "count": "count({})",
    "count_distinct": "count(distinct {})",
    "sum_boolean": "sum(case when {} then 1 else 0 end)",
    "average": "avg({})",
    "median": "quantile_cont(cast({} as double), 0.5)",
}


def base_conditions(draft: Draft, rows: Rows, where: Sequence[Condition]) -> list[str]:
    """The conditions of the request, and its range unless it limits only what is shown."""
    span = draft.span
    has_range = bool(span.start or span.end) and not rows.leaf.is_windowed
    ranged = span.conditions(rows.time) if has_range else []
    return [*rows.conditions(where), *ranged, *_elapsed(rows)]


def _elapsed(rows: Rows) -> list[str]:
    """Rows compared with later ones: only as far as the later period has come."""
    if rows.leaf.ahead is None:
        return []
    last = f"select max({rows.stored_time}) from marts.{sql.name(rows.leaf.mart)}"
    return [f"{rows.time} <= ({last})"]


def _stock_time(rows: Rows, name: str) -> str:
    mart = rows.kit.catalog.marts[rows.leaf.mart]
    found = next((item for item in mart.dimensions if item.name == name), rows.time_field)
    return rows.kit.expressions.row(found.expr, mart.name, mart.name)


def _source(leaf: Node) -> Metric:
    assert leaf.source is not None
    return leaf.source


def _unique(conditions: Sequence[str], known: Sequence[str]) -> list[str]:
    return [item for item in dict.fromkeys(conditions) if item not in known]
