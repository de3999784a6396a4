"""What a trust check may look at: the query as the gate read it, its rows, and the build."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.flow.metric import CompiledMetric
from martlet.flow.query import Rows, ValidatedQuery
from martlet.trust.parsed import OTHER_NAMES

# As DuckDB's tree calls them. A text without any of these need not be read by sqlglot, too.
AGGREGATES = frozenset(
    {"sum", "avg", "count", "count_star", "count_if", "countif", "min", "max", "median"}
).union(OTHER_NAMES)


@dataclass(frozen=True)
class Question:
    """One answered question. `compiled` is there when the metric compiler wrote the SQL.

    `probe` runs a check's own SQL on the same build, through the same gate, in a short time;
    it raises MartletError.
    """

    query: ValidatedQuery
    rows: Rows
    state: BuildState
    complete_through: str | None
    catalog: Catalog
    compiled: CompiledMetric | None = None
    probe: Callable[[str], Rows] | None = None

    @cached_property
    def nodes(self) -> tuple[dict[str, Any], ...]:
        """Every object of DuckDB's own syntax tree."""
        return tuple(_objects(json.loads(self.query.tree))) if self.query.tree else ()

    @cached_property
    def functions(self) -> frozenset[str]:
        """Names of the functions called, lower case."""
        return frozenset(str(node.get("function_name") or "").lower() for node in self.nodes)

    @cached_property
    def may_aggregate(self) -> bool:
        """Whether it calls an aggregate that the checks know; true when nobody has read it."""
        return not self.nodes or bool(self.functions & AGGREGATES)

    @cached_property
    def may_have_buckets(self) -> bool:
        """Whether it cuts time into periods; true when nobody has read it."""
        return not self.nodes or bool(self.functions & {"date_trunc", "datetrunc"})

    @cached_property
    def bare_words(self) -> frozenset[str]:
        """Column references of one word: DuckDB reads `current_date` so before it binds."""
        refs = (node for node in self.nodes if node.get("class") == "COLUMN_REF")
        names = (node.get("column_names") or [] for node in refs)
        return frozenset(str(path[0]).lower() for path in names if len(path) == 1)


def _objects(tree: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    stack = [tree]
    while stack:
        item = stack.pop()
        if isinstance(item, dict):
            found.append(item)
            stack.extend(item.values())
        elif isinstance(item, list):
            stack.extend(item)
    return found
