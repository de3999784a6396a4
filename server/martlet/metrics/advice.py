"""Which metric a caller could ask for instead of one that cannot be grouped as wished."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, utils

from martlet.flow.catalog import Metric
from martlet.metrics.graph import Graph
from martlet.metrics.tree import Node

MOST = 2


def nearest_metrics(leaf: Node, able: Iterable[Metric], graph: Graph) -> list[str]:
    """The names of the metrics most like a leaf, best first: same unit, finer mart, like words."""
    wanted = leaf.metric
    scored = [
        (_likeness(wanted, metric) + _is_finer(metric, leaf, graph), metric.name)
        for metric in able
        if metric.name != wanted.name
    ]
    scored.sort(key=lambda item: (-item[0], item[1]))
    best = scored[0][0] if scored else 0.0
    return [name for score, name in scored[:MOST] if score >= best - 0.5]


def _likeness(wanted: Metric, other: Metric) -> float:
    same_unit = bool(wanted.unit) and wanted.unit == other.unit
    same_agg = wanted.agg is not None and wanted.agg == other.agg
    words = fuzz.token_set_ratio(_words(wanted), _words(other), processor=utils.default_process)
    plain = fuzz.WRatio(wanted.name, other.name, processor=utils.default_process)
    bare = 0.0 if other.filter else 0.3
    return 1.0 * same_unit + 0.7 * same_agg + words / 100 + plain / 100 + bare


def _is_finer(other: Metric, leaf: Node, graph: Graph) -> float:
    """A point when the other mart's rows are parts of this one's (order lines of an order)."""
    if not other.mart or not graph.has(other.mart):
        return 0.0
    return float(any(place.mart.name == leaf.mart for place in graph.places(other.mart)))


def _words(metric: Metric) -> str:
    said = (metric.name.replace("_", " "), metric.label, *metric.ai_context.synonyms)
    return " ".join((*said, metric.description))
