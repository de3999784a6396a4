"""Ratios and derived metrics as SQL over the values of their inputs."""

from __future__ import annotations

from collections.abc import Callable

from martlet.metrics.expressions import Expressions
from martlet.metrics.tree import COUNTS, Node

Column = Callable[[Node], str]


def shown(node: Node, column: Column) -> str:
    """A node's value with the fill that its definition asks for."""
    return _coalesced(column(node), fill_of(node))


def fill_of(node: Node) -> float | None:
    """What the definition puts in place of null."""
    if node.metric.fill_nulls_with is not None or node.source is None:
        return node.metric.fill_nulls_with
    return node.source.fill_nulls_with


def formula(node: Node, column: Column, expressions: Expressions) -> str:
    """A ratio or derived metric over its inputs' columns.

    A sum or count that has no row where another input has one counts as 0 (rule "missing side"
    of docs/metrics.md); not so when a formula compares with an earlier time.
    """
    is_filled = sides_differ(node) and not any(child.shifts for _, child in node.inputs)
    fills = [_missing(child) if is_filled else child.metric.null_as for _, child in node.inputs]
    values = [shown(child, column) for _, child in node.inputs]
    filled = [
        _coalesced(value, None if fill_of(child) is not None else fill)
        for value, fill, (_, child) in zip(values, fills, node.inputs, strict=True)
    ]
    if node.metric.type in ("ratio", "conversion"):
        return f"cast({filled[0]} as double) / nullif({filled[1]}, 0)"
    named = {alias: text for (alias, _), text in zip(node.inputs, filled, strict=True)}
    text = expressions.formula(node.metric.expr, node.metric.name, named)
    if filled == values or len(node.inputs) < 2:
        return text
    present = " or ".join(f"{value} is not null" for value in dict.fromkeys(values))
    return f"case when {present} then {text} end"


def sides_differ(node: Node) -> bool:
    """Whether one input may have rows in a group where another has none."""
    sides = {(leaf.home, leaf.filters, leaf.window, leaf.converts) for leaf in node.leaves()}
    return len(sides) > 1


def _missing(child: Node) -> float | None:
    """What stands for an input without rows: its `null_as`, 0 for sums and counts, else null."""
    if child.metric.null_as is not None:
        return child.metric.null_as
    if child.converts:
        return 0
    if child.source is None or child.window or child.source.non_additive:
        return None
    return 0 if child.source.agg == "sum" or child.source.agg in COUNTS else None


def _coalesced(value: str, fill: float | None) -> str:
    return value if fill is None else f"coalesce({value}, {number(fill)})"


def number(value: float) -> str:
    """A number literal, whole where it is whole."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))
