"""What a check looks at: the catalog and the build, side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from martlet.catalog.compile import withheld
from martlet.catalog.places import problem_at
from martlet.errors import Problem
from martlet.flow.build import BuildState, MartState, Profile
from martlet.flow.catalog import Catalog, Column, Mart, Metric


@dataclass(frozen=True)
class View:
    """The catalog as written and the build as measured."""

    catalog: Catalog
    build: BuildState

    def marts(self) -> Iterator[tuple[Mart, MartState]]:
        """The marts that have both a card and a table."""
        for name, mart in self.catalog.marts.items():
            if name in self.build.marts:
                yield mart, self.build.marts[name]

    def columns(self) -> Iterator[tuple[Mart, Column, Profile]]:
        """The columns that have a card and are published."""
        for mart, state in self.marts():
            profiles = {name.lower(): item for name, item in state.columns.items()}
            for column in mart.columns:
                if column.name.lower() in profiles:
                    yield mart, column, profiles[column.name.lower()]

    def metrics_of(self, mart: Mart) -> Sequence[Metric]:
        """The simple metrics that stand on a mart."""
        return self._metrics.get(mart.name, ())

    @cached_property
    def _metrics(self) -> dict[str, list[Metric]]:
        found: dict[str, list[Metric]] = {}
        for metric in self.catalog.metrics.values():
            found.setdefault(metric.mart, []).append(metric)
        return found

    def problem(self, path: str, message: str, next_step: str = "") -> Problem:
        return problem_at(self.catalog, path, message, next_step)

    def warning(self, path: str, message: str, next_step: str = "") -> Problem:
        return problem_at(self.catalog, path, message, next_step, severity="warning")


Check = Callable[[View], Iterator[Problem]]


def column_path(mart: Mart, column: str) -> str:
    return f"mart.{mart.name}.column.{column}"


def kept_back(mart: Mart, state: MartState) -> set[str]:
    """Columns, in lower case, that may be missing on purpose: personal, or withheld."""
    return withheld(state) | {column.name.lower() for column in mart.columns if column.pii}
