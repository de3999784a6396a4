"""The catalog as it is published: cut down to what a build holds, with the build's types."""

from __future__ import annotations

import re
from collections.abc import Iterable

from martlet.catalog.names import DimensionNames
from martlet.catalog.places import problem_at
from martlet.catalog.switched import as_if_on, off_marts, reads_absent, told_off, without_dangling
from martlet.catalog.words import mentioned, missing_columns
from martlet.errors import Problem
from martlet.flow.build import BuildState, MartState
from martlet.flow.catalog import Catalog, Column, Freshness, Mart, Metric, MetricQuery


def bind(catalog: Catalog, build: BuildState) -> tuple[Catalog, list[Problem]]:
    """The catalog limited to the build's marts and columns, and what was lost by that.

    A mart without YAML gets a bare card. What was lost because a column is withheld on purpose, or
    a mart switched off in dbt, is a warning; everything else is an error. The same input gives the
    same catalog.
    """
    bound, problems = _bind(catalog, build)
    if off_marts(catalog, build):
        whole, problems = _bind(catalog, as_if_on(catalog, build))
        problems += told_off(catalog, build, whole, bound)
    return bound, problems


def _bind(catalog: Catalog, build: BuildState) -> tuple[Catalog, list[Problem]]:
    marts = {
        name: _mart(catalog.marts.get(name), build.marts[name]) for name in sorted(build.marts)
    }
    without_metrics = catalog.model_copy(update={"marts": marts})
    loss = _Loss(catalog, without_metrics, build)
    bound = without_metrics.model_copy(
        update={
            "metrics": loss.metrics(),
            "saved_queries": {
                name: item
                for name, item in catalog.saved_queries.items()
                if loss.keeps_query("saved", name, item.query)
            },
            "verified_queries": {
                name: item
                for name, item in catalog.verified_queries.items()
                if not item.query or loss.keeps_query("verified", name, item.query)
                if not reads_absent(item, build)
            },
            "places": {},
            **loss.time_spine(),
        }
    )
    return _with_glossary(without_dangling(bound)), loss.problems


def withheld(state: MartState) -> set[str]:
    """The columns that the publisher kept back, without their reasons."""
    return {item.rpartition(": ")[0].lower() for item in state.withheld}


def _mart(written: Mart | None, state: MartState) -> Mart:
    if written is None:
        columns = [Column(name=name, type=item.type) for name, item in state.columns.items()]
        return Mart(name=state.name, columns=tuple(columns))
    cards = {column.name.lower(): column for column in written.columns}
    columns = [
        cards.get(name.lower(), Column(name=name)).model_copy(
            update={"name": name, "type": item.type}
        )
        for name, item in state.columns.items()
    ]
    known = set(state.columns)
    dimensions = [item for item in written.dimensions if not missing_columns(item.expr, known)]
    entities = [item for item in written.entities if not missing_columns(item.expr, known)]
    times = {item.name for item in dimensions if item.type == "time"}
    time = written.agg_time_dimension
    freshness = written.data_freshness
    return written.model_copy(
        update={
            "columns": tuple(column for column in columns if not column.hidden),
            "dimensions": tuple(dimensions),
            "entities": tuple(entities),
            "agg_time_dimension": time if time in times else "",
            "data_freshness": Freshness(
                loaded_at=_kept(freshness.loaded_at, known),
                complete_through=_kept(freshness.complete_through, known),
            ),
        }
    )


def _kept(expr: str, columns: set[str]) -> str:
    return "" if missing_columns(expr, columns) else expr


class _Loss:
    """Finds what cannot be kept, and says why."""

    def __init__(self, catalog: Catalog, bound: Catalog, build: BuildState) -> None:
        self.problems: list[Problem] = []
        self._catalog = catalog
        self._bound = bound
        self._build = build
        self._before = DimensionNames(catalog)
        self._after = DimensionNames(bound)
        self._kept: dict[str, Metric] = {}

    def metrics(self) -> dict[str, Metric]:
        """The metrics that still stand, those made of lost ones left out too."""
        reasons = {name: self._reason(item) for name, item in self._catalog.metrics.items()}
        while fallen := {
            name: f"its input `{item.name}` is lost"
            for name, metric in self._catalog.metrics.items()
            if not reasons[name]
            for item in metric.inputs()
            if reasons.get(item.name, "it does not exist")
        }:
            reasons |= fallen
        for name, reason in reasons.items():
            if reason:
                self._tell(f"metric.{name}", f"The metric `{name}` is not published: {reason}.")
        lost = {name for name, reason in reasons.items() if reason}
        self._kept = {
            name: item for name, item in self._catalog.metrics.items() if name not in lost
        }
        return self._kept

    def keeps_query(self, kind: str, name: str, query: MetricQuery) -> bool:
        """Whether all metrics and dimensions of a query are left; tells it if not."""
        lost = [item for item in query.metrics if item not in self._kept]
        lost += self._lost_dimensions(query.by)
        for item in lost:
            self._tell(f"{kind}.{name}", f"The query `{name}` is not published: `{item}` is lost.")
        return not lost

    def time_spine(self) -> dict[str, object]:
        """What to change when the time spine or a calendar column is not in the build."""
        spine = self._catalog.time_spine
        if not spine:
            return {}
        if spine not in self._build.marts:
            self._tell("catalog.time_spine", f"The time spine `{spine}` is not in the build.")
            return {"time_spine": "", "time_spine_column": "", "calendars": {}}
        columns = self._build.marts[spine].columns
        kept = {k: v for k, v in self._catalog.calendars.items() if v in columns}
        for grain in sorted(set(self._catalog.calendars) - set(kept)):
            self._tell("catalog.calendars", f"`{spine}` has no column for the grain `{grain}`.")
        return {"calendars": kept}

    def _reason(self, metric: Metric) -> str:
        filters = [metric.filter, *(item.filter for item in metric.inputs())]
        words = [word for conditions in filters for text in conditions for word in _names(text)]
        if lost := self._lost_dimensions(words):
            return f"the dimension `{lost[0]}` of its filter is lost"
        if metric.type != "simple":
            return ""
        if metric.mart not in self._build.marts:
            return f"the mart `{metric.mart}` is not in the build"
        mart = self._bound.marts[metric.mart]
        if lost := missing_columns(metric.expr, set(self._build.marts[metric.mart].columns)):
            reason = self._why(metric.mart, lost[0])
            return f"`{metric.mart}` publishes no column `{lost[0]}`{reason}"
        known = {item.name for item in mart.dimensions}
        stock = metric.non_additive.name if metric.non_additive else ""
        gone = [name for name in (metric.agg_time_dimension, stock) if name and name not in known]
        return f"its time `{gone[0]}` is lost" if gone else ""

    def _why(self, mart: str, column: str) -> str:
        kept_back = column.lower() in withheld(self._build.marts[mart])
        return " (withheld)" if kept_back else ""

    def _lost_dimensions(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if self._before.knows(name) and not self._after.knows(name)]

    def _tell(self, path: str, message: str) -> None:
        severity = "warning" if "(withheld)" in message else "error"
        self.problems.append(problem_at(self._catalog, path, message, severity=severity))


def _names(condition: str) -> list[str]:
    """The names a filter mentions, in plain SQL or in dbt's templates."""
    return _TEMPLATE.findall(condition) + mentioned(condition)


def _with_glossary(bound: Catalog) -> Catalog:
    """Terms point only to what is published."""
    known = {
        *bound.marts,
        *bound.metrics,
        *DimensionNames(bound).all,
        *(f"{mart.name}.{item.name}" for mart in bound.marts.values() for item in mart.columns),
    }
    terms = {
        name: term.model_copy(update={"see": tuple(item for item in term.see if item in known)})
        for name, term in bound.glossary.items()
    }
    return bound.model_copy(update={"glossary": terms})


_TEMPLATE = re.compile(r"""Dimension\(\s*['"](\w+)['"]""")
