"""Whether the groups of an answer add up to its total."""

from __future__ import annotations

from martlet.metrics.draft import Draft
from martlet.metrics.formulas import sides_differ
from martlet.metrics.tree import ADDITIVE, Node


def is_additive(draft: Draft, node: Node) -> bool:
    """Whether the groups of the answer add up to its total."""
    if node.is_leaf:
        assert node.source is not None
        plain = not (node.window or node.shifts or node.converts or node.source.non_additive)
        return plain and node.source.agg in ADDITIVE and node not in draft.repeated
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
    return profile is not None and profile.is_never_null
