"""The rules of metrics: their inputs exist, go in no circle, and have what their kind needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from martlet.catalog.draft import Draft, Rule, listing
from martlet.catalog.names import names_in
from martlet.catalog.words import GRAINS, mentioned
from martlet.errors import Problem, did_you_mean
from martlet.flow.catalog import Metric, MetricInput


def inputs(draft: Draft) -> Iterator[Problem]:
    """Every metric that another is made of exists, and has one name in its expression."""
    for metric in draft.catalog.metrics.values():
        for key, given in _named_inputs(metric):
            path = f"metric.{metric.name}.{key}"
            if given.name not in draft.metrics:
                hint = did_you_mean(given.name, draft.metrics)
                yield draft.problem(path, f"There is no metric `{given.name}`.", hint)
            if given.offset_window and given.offset_to_grain:
                message = f"`{given.name}` has both `offset_window` and `offset_to_grain`."
                yield draft.problem(path, message, "Keep one.")
        yield from _aliases(draft, metric)


def _aliases(draft: Draft, metric: Metric) -> Iterator[Problem]:
    if metric.type != "derived":
        return
    path = f"metric.{metric.name}.expr"
    names = Counter(item.alias or item.name for item in metric.input_metrics)
    words = set(mentioned(metric.expr))
    for name, count in names.items():
        if count > 1:
            message = f"Two inputs are called `{name}`."
            hint = "Give each an `alias` of its own."
            yield draft.problem(f"metric.{metric.name}.input_metrics", message, hint)
        if name not in words:
            yield draft.problem(path, f"`expr` does not use the input `{name}`.")
    for word in sorted(words - set(names)):
        hint = did_you_mean(word, names) or listing("Its inputs", names)
        yield draft.problem(path, f"`{word}` in `expr` is not an input.", hint)


def cycles(draft: Draft) -> Iterator[Problem]:
    """No metric is made of itself; each circle is told once, at its first metric by name."""
    metrics = draft.catalog.metrics
    graph = {
        name: {item.name for item in metric.inputs() if item.name in metrics}
        for name, metric in metrics.items()
    }
    while circle := _circle(graph):
        chain = " → ".join([*circle, circle[0]])
        yield draft.problem(f"metric.{circle[0]}", f"The metric is made of itself: {chain}.")
        graph = {name: below - set(circle) for name, below in graph.items()}


def _circle(graph: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1][:0:-1]
        first = circle.index(min(circle))
        return circle[first:] + circle[:first]
    return []


def metric_kinds(draft: Draft) -> Iterator[Problem]:
    """What each kind of metric asks of its own keys."""
    for metric in draft.catalog.metrics.values():
        path = f"metric.{metric.name}"
        if metric.type == "simple":
            yield from _percentile(draft, metric)
        if metric.window and metric.grain_to_date:
            message = "A running total has a `window` or a `grain_to_date`, not both."
            yield draft.problem(f"{path}.window", message)
        if metric.type in ("cumulative", "conversion"):
            yield from _simple_inputs(draft, metric)
        if metric.type == "conversion":
            yield from _conversion_entity(draft, metric)


def _percentile(draft: Draft, metric: Metric) -> Iterator[Problem]:
    path = f"metric.{metric.name}.percentile"
    if metric.agg == "percentile" and metric.percentile is None:
        yield draft.problem(path, "The aggregation `percentile` needs `percentile`.", "Say, 0.9.")
    elif metric.agg != "percentile" and metric.percentile is not None:
        yield draft.problem(path, f"`percentile` has no use with the aggregation `{metric.agg}`.")
    elif metric.percentile is not None and not 0 < metric.percentile < 1:
        message = f"`percentile` lies between 0 and 1, not {metric.percentile:g}."
        yield draft.problem(path, message, "90 % is 0.9.")


def _simple_inputs(draft: Draft, metric: Metric) -> Iterator[Problem]:
    for key, given in _named_inputs(metric):
        found = draft.catalog.metrics.get(given.name)
        if found is not None and found.type != "simple":
            message = f"`{given.name}` is a {found.type} metric; a {metric.type} one needs simple."
            yield draft.problem(f"metric.{metric.name}.{key}", message)


def _conversion_entity(draft: Draft, metric: Metric) -> Iterator[Problem]:
    marts = draft.catalog.marts
    for _, given in _named_inputs(metric):
        found = draft.catalog.metrics.get(given.name)
        mart = marts.get(found.mart) if found else None
        if mart and metric.entity not in {item.name for item in mart.entities}:
            message = (
                f"`{mart.name}`, where `{given.name}` stands, has no entity `{metric.entity}`."
            )
            hint = did_you_mean(metric.entity, [item.name for item in mart.entities])
            yield draft.problem(f"metric.{metric.name}.entity", message, hint)


def spans(draft: Draft) -> Iterator[Problem]:
    """Windows and offsets are spans of known grains; grains to date exist."""
    grains = [*GRAINS, *draft.catalog.calendars]
    for metric in draft.catalog.metrics.values():
        path = f"metric.{metric.name}"
        named = [("window", metric.window, [*GRAINS])]
        named += [("offset_window", item.offset_window, grains) for item in metric.input_metrics]
        for key, span, units in named:
            if span and not _is_span(span, units):
                message = f"`{span}` is not a span of time."
                yield draft.problem(f"{path}.{key}", message, "Write it as `7 days` or `1 month`.")
        periods = [("grain_to_date", metric.grain_to_date)]
        periods += [("offset_to_grain", item.offset_to_grain) for item in metric.input_metrics]
        for key, grain in periods:
            if grain and grain not in grains:
                message = f"`{grain}` is not a time grain."
                yield draft.problem(f"{path}.{key}", message, listing("Grains", grains))


def filters(draft: Draft) -> Iterator[Problem]:
    """Every name in a metric's filter, or in that of an input, is a dimension or a metric."""
    for metric in draft.catalog.metrics.values():
        path = f"metric.{metric.name}"
        given = [(f"{path}.filter", text) for text in metric.filter]
        for key, item in _named_inputs(metric):
            given += [(f"{path}.{key}.filter", text) for text in item.filter]
        for at, text in given:
            dimensions, metrics = names_in(text)
            for name in dimensions:
                if not draft.dimensions.has_field(name):
                    hint = did_you_mean(name, draft.dimensions.all)
                    yield draft.problem(at, f"There is no dimension `{name}`.", hint)
            for name in metrics:
                if name not in draft.metrics:
                    hint = did_you_mean(name, draft.metrics)
                    yield draft.problem(at, f"There is no metric `{name}`.", hint)


def _is_span(span: str, grains: list[str]) -> bool:
    match = re.fullmatch(r"[1-9]\d{0,4}\s+([a-z_0-9]+)", span.strip().lower())
    return match is not None and (match[1] in grains or match[1].removesuffix("s") in grains)


def _named_inputs(metric: Metric) -> Iterator[tuple[str, MetricInput]]:
    for key in ("numerator", "denominator", "base_metric", "conversion_metric"):
        given = getattr(metric, key)
        if given:
            yield key, given
    key = "input_metric" if metric.type == "cumulative" else "input_metrics"
    for given in metric.input_metrics:
        yield key, given


METRIC_RULES: tuple[Rule, ...] = (inputs, cycles, metric_kinds, spans, filters)
