"""`top`: the first groups by a metric, each on its own, and all others as one group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.errors import RequestError
from martlet.flow.metric import MetricRequest
from martlet.metrics import compose, sql
from martlet.metrics.draft import Draft
from martlet.metrics.refs import Ref
from martlet.metrics.request import Fold, Key, Order
from martlet.metrics.rows import GROUP, PLACE
from martlet.metrics.tree import Node

MOST_GROUPS = 1_000


@dataclass(frozen=True)
class Ranking:
    """By which metric the groups are ranked, and how many of them are kept."""

    count: int
    node: Node
    is_descending: bool = True


def read_top(
    request: MetricRequest, keys: Sequence[Key], wanted: Sequence[Node], order: Sequence[Order]
) -> Ranking | None:
    """The ranking asked for: by the first metric of `order_by`, else by the first metric.

    Raises: RequestError `request.invalid`, `metric.unsupported`.
    """
    if request.top is None:
        return None
    if not 1 <= request.top <= MOST_GROUPS:
        raise _wrong(request, "cannot be that", f"Ask for 1 to {MOST_GROUPS} groups.")
    if not _groups(keys):
        raise _wrong(
            request,
            "needs a dimension in `by` whose groups it ranks",
            "For the best periods use `order_by` and `limit`.",
        )
    if request.having:
        raise _wrong(
            request,
            "and `having` exclude one another: the rest would lose groups unseen",
            "Choose rows with `where`, or use `order_by` and `limit` instead of `top`.",
        )
    ranking = _ranking(request.top, keys, wanted, order)
    if ranking is None:
        raise _wrong(
            request,
            "ranks groups by a metric itself",
            f"Let `order_by` begin with -{wanted[0].metric.name}, or leave it out.",
        )
    name = ranking.node.metric.name
    if any(leaf.shifts for leaf in ranking.node.leaves()):
        raise RequestError(
            "metric.unsupported",
            f"`top` ranks groups over the whole range; `{name}` looks back by periods and has "
            "no value there.",
            next_step="Name a metric without an offset first, in `order_by` or `metrics`.",
        )
    return ranking


def fold(draft: Draft, ranking: Ranking) -> Draft:
    """The draft with the place of a group in the place of what it is grouped by."""
    groups = _groups(draft.keys)
    inner = Draft(draft.kit, groups, draft.span, draft.where, metric_filter=draft.metric_filter)
    body = draft.add("groups_ranked", compose.body(inner, [ranking.node], ()))
    table = draft.add("top_groups", _places(groups, ranking, body))
    found = Fold(groups, table, ranking.count + 1)
    periods = tuple(key for key in draft.keys if key not in groups)
    folded = Draft(
        draft.kit,
        (*periods, Key(GROUP, Ref((), GROUP), {}, found)),
        draft.span,
        draft.where,
        metric_filter=draft.metric_filter,
        shown_keys=draft.keys,
        ctes=draft.ctes,
        marts=inner.marts,
        used_as_filter=inner.used_as_filter,
    )
    return folded


def remark(draft: Draft, ranking: Ranking) -> str:
    """What the groups of the answer are."""
    names = ", ".join(key.name for key in _groups(draft.shown_keys))
    which = "greatest" if ranking.is_descending else "smallest"
    return (
        f"The {ranking.count} groups of {names} with the {which} {ranking.node.metric.name} over "
        "the whole range are kept; (other) is all the rest, computed anew from its rows."
    )


def _places(groups: Sequence[Key], ranking: Ranking, body: str) -> str:
    direction = "desc" if ranking.is_descending else "asc"
    names = [sql.name(key.name) for key in groups]
    ties = "".join(f", {name} nulls last" for name in names)
    value = sql.name(ranking.node.metric.name)
    place = f"row_number() over (order by {value} {direction} nulls last{ties})"
    return sql.select(
        [*((name, f"_key_{i + 1}") for i, name in enumerate(names)), (place, PLACE)],
        [sql.name(body)],
        qualify=f"{place} <= {ranking.count}",
    )


def _groups(keys: Sequence[Key]) -> tuple[Key, ...]:
    """What a group is: everything but periods."""
    return tuple(key for key in keys if not key.is_period)


def _ranking(
    count: int, keys: Sequence[Key], wanted: Sequence[Node], order: Sequence[Order]
) -> Ranking | None:
    named = {node.metric.name: node for node in wanted}
    columns = {key.name for key in keys}
    values = [item for item in order if item.name not in columns]
    if not values:
        return Ranking(count, wanted[0])
    node = named.get(values[0].name)
    return Ranking(count, node, values[0].is_descending) if node else None


def _wrong(request: MetricRequest, what: str, next_step: str) -> RequestError:
    return RequestError(
        "request.invalid", f"`top` {what}.", where=f"top: {request.top}", next_step=next_step
    )
