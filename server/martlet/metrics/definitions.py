"""A metric's definition in one line, as it was used."""

from __future__ import annotations

from martlet.metrics.conditions import Condition
from martlet.metrics.draft import Draft
from martlet.metrics.grains import read_length
from martlet.metrics.rows import Kit
from martlet.metrics.tree import Node


def define(node: Node, kit: Kit) -> str:
    """For example: sum of order_total where status = 'paid'; fct_orders, by order_date."""
    if node.is_leaf:
        return _leaf(node, kit)
    names = {alias: _reference(alias, child) for alias, child in node.inputs}
    if node.metric.type in ("ratio", "conversion"):
        top, bottom = (child for _, child in node.inputs)
        return f"{_input(top, kit)} / {_input(bottom, kit)}, totals divided; null when 0 divides"
    explained = "; ".join(text for text in names.values() if text)
    return node.metric.expr + (f" ({explained})" if explained else "")


def window_words(node: Node) -> str:
    """What a cumulative value looks at."""
    assert node.window is not None
    if node.window.length:
        return f"over the {node.window.length} that end on the day"
    if node.window.to_grain:
        return f"from the start of the {node.window.to_grain}"
    return "from the first day of the data"


def _leaf(node: Node, kit: Kit) -> str:
    source = node.source
    assert source is not None
    if node.converts:
        return _conversion(node, node.converts, kit)
    aggregation = {
        "count_distinct": "distinct count",
        "sum_boolean": "count of rows with",
        "percentile": f"percentile {source.percentile:g}" if source.percentile else "percentile",
    }.get(str(source.agg), str(source.agg))
    parts = [f"{aggregation} of {source.expr}".replace("with of", "with")]
    if source.non_additive:
        pick = "first" if source.non_additive.window_agg == "min" else "last"
        parts.append(f", {pick} value per key in each period")
    if node.window:
        parts.append(f", {window_words(node)}")
    parts += [f", {shift}" for shift in node.shifts]
    text = "".join(parts) + _where(node, kit)
    time = kit.names.time_of(node)
    return f"{text}; {node.mart}" + (f", by {time}" if time else "")


def _conversion(node: Node, events: Node, kit: Kit) -> str:
    window = f"within {length_of(node)}" if node.metric.window else "ever"
    same = "".join(f", same {pair.base_property}" for pair in node.metric.constant_properties)
    return (
        f"{events.metric.name} {window} after {source_name(node)}, per {node.metric.entity}{same}"
        f"{_where(node, kit)}; {events.mart} after {node.mart}"
    )


def length_of(node: Node) -> str:
    """The window of a conversion metric in words."""
    return str(read_length(node.metric.window, where=f"window of {node.metric.name}"))


def source_name(node: Node) -> str:
    """The simple metric whose rows a leaf reads."""
    return node.source.name if node.source else node.metric.name


def _where(node: Node, kit: Kit) -> str:
    conditions = kit.filters(node.filters, node.metric.name)
    return " where " + " and ".join(_plain(c) for c in conditions) if conditions else ""


def _plain(condition: Condition) -> str:
    return condition.text.replace("{{ ", "").replace(" }}", "")


def _input(node: Node, kit: Kit) -> str:
    extra = node.filters[: len(node.filters) - len(node.metric.filter)] if node.is_leaf else ()
    conditions = kit.filters(extra, node.metric.name)
    tail = " where " + " and ".join(_plain(c) for c in conditions) if conditions else ""
    return f"{source_name(node) if not node.converts else _leaf(node, kit)}{tail}"


def _reference(alias: str, node: Node) -> str:
    """What an alias stands for, when it is not just the metric's name."""
    remarks = [f"{shift}" for shift in node.shifts]
    own = set(node.metric.filter)
    remarks += [f"where {text}" for text in node.filters if text not in own]
    if alias == node.metric.name and not remarks:
        return ""
    return f"{alias} is {' '.join((node.metric.name, *remarks))}"


def time_column(draft: Draft, leaf: Node) -> str:
    """The column that is a leaf's time, with its mart; empty when it has none."""
    own = draft.kit.names.time_of(leaf)
    return f"{leaf.mart}.{own}" if own else ""


def time_columns(draft: Draft) -> list[str]:
    """The columns that were `metric_time`, one for each leaf that has one."""
    leaves = [node for part in draft.parts for node in part.nodes]
    return [column for leaf in leaves if (column := time_column(draft, leaf))]
