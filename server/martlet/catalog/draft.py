"""A catalog as it was read, before anyone knows whether it holds together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from martlet.catalog.names import DimensionNames
from martlet.catalog.places import problem_at
from martlet.errors import Problem
from martlet.flow.catalog import Catalog


@dataclass(frozen=True)
class Draft:
    """A catalog as read, with what was wrong in its files.

    `broken` are metrics that are declared but could not be read. While not `complete`, a part may
    be missing, so that a name which is not found proves nothing.
    """

    catalog: Catalog
    broken: frozenset[str] = frozenset()
    problems: tuple[Problem, ...] = ()
    complete: bool = True

    def problem(self, path: str, message: str, next_step: str = "") -> Problem:
        return problem_at(self.catalog, path, message, next_step)

    @cached_property
    def metrics(self) -> frozenset[str]:
        return frozenset(self.catalog.metrics) | self.broken

    @cached_property
    def dimensions(self) -> DimensionNames:
        return DimensionNames(self.catalog)


Rule = Callable[[Draft], Iterator[Problem]]


def listing(title: str, names: Iterable[str]) -> str:
    """The names as a sentence, or an empty string when there are none."""
    listed = ", ".join(f"`{name}`" for name in sorted(names))
    return f"{title}: {listed}." if listed else ""
