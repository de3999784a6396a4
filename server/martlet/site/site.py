"""The site of one build: what is on it, and where."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from martlet.flow.build import BuildState, MartState, SourceState
from martlet.flow.catalog import Catalog, Mart, Metric
from martlet.flow.site import MetricFacts
from martlet.site.joins import Join, joins_of
from martlet.site.names import anchor, page


@dataclass(frozen=True)
class Site:
    """A published catalog and build; what an audience may not see is in neither of them."""

    catalog: Catalog
    state: BuildState
    facts: Mapping[str, MetricFacts] = field(default_factory=dict)

    @cached_property
    def marts(self) -> tuple[Mart, ...]:
        return tuple(mart for name, mart in self.catalog.marts.items() if name in self.state.marts)

    @cached_property
    def metrics(self) -> tuple[Metric, ...]:
        """The metrics that have a page; a hidden one is only a part of others."""
        return tuple(metric for metric in self.catalog.metrics.values() if not metric.hidden)

    @cached_property
    def joins(self) -> tuple[Join, ...]:
        return joins_of(self.catalog, self.state)

    @cached_property
    def joins_by_mart(self) -> dict[str, list[Join]]:
        """The joins of each mart, whichever side of them it is."""
        found: dict[str, list[Join]] = defaultdict(list)
        for join in self.joins:
            found[join.mart].append(join)
            found[join.to].append(join)
        return found

    @cached_property
    def sources_by_mart(self) -> dict[str, list[SourceState]]:
        found: dict[str, list[SourceState]] = defaultdict(list)
        for source in self.state.sources:
            for mart in source.marts:
                found[mart].append(source)
        return found

    @cached_property
    def metrics_on(self) -> dict[str, list[Metric]]:
        """The simple metrics that stand on each mart."""
        found: dict[str, list[Metric]] = defaultdict(list)
        for metric in self.metrics:
            if metric.mart:
                found[metric.mart].append(metric)
        return found

    @cached_property
    def used_by(self) -> dict[str, list[Metric]]:
        """The metrics that each metric is an input of."""
        found: dict[str, list[Metric]] = defaultdict(list)
        for metric in self.catalog.metrics.values():
            for name in dict.fromkeys(item.name for item in metric.inputs()):
                found[name].append(metric)
        return found

    @cached_property
    def asked_in(self) -> dict[str, list[str]]:
        """The checked questions and saved queries that ask for each metric, as anchors."""
        found: dict[str, list[str]] = defaultdict(list)
        for question in self.catalog.verified_queries.values():
            for name in question.query.metrics if question.query else ():
                found[name].append(question.name)
        return found

    @cached_property
    def _depths(self) -> dict[str, int]:
        return {}

    def depth(self, name: str, above: frozenset[str] = frozenset()) -> int:
        """How many metrics stand between a metric and its marts."""
        metric = self.catalog.metrics.get(name)
        if metric is None or name in above:
            return 0
        if name not in self._depths:
            inputs = [self.depth(item.name, above | {name}) + 1 for item in metric.inputs()]
            self._depths[name] = max(inputs, default=0)
        return self._depths[name]

    def inputs(self, name: str) -> list[Metric]:
        """A metric and all that it is made of."""
        found: dict[str, Metric] = {}
        ahead = [name]
        while ahead:
            metric = self.catalog.metrics.get(ahead.pop())
            if metric and metric.name not in found:
                found[metric.name] = metric
                ahead += [item.name for item in metric.inputs()]
        return list(found.values())

    def marts_of(self, name: str) -> list[str]:
        """The marts that a metric reads, by name."""
        return sorted({metric.mart for metric in self.inputs(name) if metric.mart})

    def measured(self, mart: str) -> MartState:
        return self.state.marts[mart]

    @cached_property
    def _dimensions(self) -> dict[str, str]:
        """`entity__dimension` -> where it is told."""
        found = {}
        for mart in self.marts:
            primary = (item.name for item in mart.entities if item.type == "primary")
            entity = next(primary, mart.primary_entity or mart.name)
            for item in mart.dimensions:
                place = self._column(mart, item.column)
                if not mart.column(item.column):  # it computes something
                    place = f"#{anchor('dimension', item.name)}"
                found[f"{entity}__{item.name}"] = page("mart", mart.name) + place
        return found

    def _column(self, mart: Mart, name: str) -> str:
        card = mart.column(name)
        return f"#{anchor('column', name)}" if card and not card.hidden else ""

    def url(self, name: str) -> str:
        """The page of a mart, metric, word, dimension or `mart.column` from the top of the site.

        Empty for anything that has none.
        """
        if name in self.state.marts and name in self.catalog.marts:
            return page("mart", name)
        metric = self.catalog.metrics.get(name)
        if metric is not None and not metric.hidden:
            return page("metric", name)
        if name in self.catalog.glossary:
            return f"words.html#{anchor('word', name)}"
        if name in self._dimensions:
            return self._dimensions[name]
        mart, _, column = name.partition(".")
        known = self.catalog.marts.get(mart) if mart in self.state.marts else None
        place = self._column(known, column) if known else ""
        return page("mart", mart) + place if place else ""
