"""`share`: each metric as a fraction of its total, which is computed anew and never added up."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.errors import RequestError
from martlet.metrics import compose, sql
from martlet.metrics.compare import share_of
from martlet.metrics.draft import Draft, Totals
from martlet.metrics.tree import ADDITIVE, COUNTS, Node


def find_shares(wanted: Sequence[Node], draft: Draft) -> tuple[Node, ...]:
    """The metrics that can be shared out.

    Raises: RequestError `metric.unsupported` when none can.
    """
    found = tuple(node for node in wanted if _can_be_shared(draft, node))
    if not found:
        raise RequestError(
            "metric.unsupported",
            f"`{wanted[0].metric.name}` has no share of a total: only sums, counts and what is "
            "added up of them have one.",
            next_step="Ask without `share`, or for the sums and counts it is made of.",
        )
    return found


def add_totals(draft: Draft, shared: Sequence[Node]) -> None:
    """Write the CTE of the totals: one row per period, or one row."""
    periods = tuple(key for key in draft.shown_keys if key.is_period)
    keys = () if len(periods) == len(draft.shown_keys) else periods
    inner = Draft(draft.kit, keys, draft.span, draft.where, metric_filter=draft.metric_filter)
    body = draft.add("all_groups", compose.body(inner, shared, ()))
    columns = [(sql.name(key.name), f"_period_{i + 1}") for i, key in enumerate(keys)]
    columns += [(sql.name(node.metric.name), f"_total_{i + 1}") for i, node in enumerate(shared)]
    draft.totals = Totals(
        draft.add("totals", sql.select(columns, [sql.name(body)])), keys, tuple(shared)
    )
    draft.marts += [mart for mart in inner.marts if mart not in draft.marts]


def remarks(draft: Draft, wanted: Sequence[Node]) -> list[str]:
    """Of which total the shares are, and what has none."""
    totals = draft.totals
    if totals is None:
        return []
    periods = ", ".join(key.name for key in totals.keys)
    of = f"of the total of each {periods}" if periods else "of the total over all groups"
    names = ", ".join(share_of(node.metric.name) for node in totals.nodes)
    notes = [f"{names}: a fraction {of}, computed before `limit` and `having`."]
    notes += [
        f"{node.metric.name} has no share: only sums and counts have one."
        for node in wanted
        if node not in totals.nodes
    ]
    return notes


def _can_be_shared(draft: Draft, node: Node) -> bool:
    if node.source is not None:
        return node.source.agg in ADDITIVE | COUNTS
    if node.metric.type != "derived":
        return False
    linear = draft.kit.expressions.is_linear(node.metric.expr, node.metric.name)
    return linear and all(_can_be_shared(draft, child) for _, child in node.inputs)
