"""Metrics out of one SQL expression: a simple metric, a ratio, or a formula over hidden ones."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from martlet.catalog.formats.arithmetic import (
    Aggregate,
    Filled,
    Name,
    NotUnderstood,
    Number,
    Operation,
    Tree,
    read,
)
from martlet.catalog.formats.sql_names import Table, resolve
from martlet.flow.catalog import Mart, Metric, MetricInput


class Formulas:
    """Makes metrics; `warn` is told of each that cannot be made. `known` are names of metrics."""

    def __init__(
        self,
        tables: Mapping[str, Table],
        marts: Mapping[str, Mart],
        warn: Callable[[str, str], None],
    ) -> None:
        self._tables, self._marts, self._warn = tables, marts, warn
        self.known: set[str] = set()

    def metrics(self, name: str, sql: str, told: dict[str, Any]) -> list[Metric]:
        """The metric and the hidden ones that it is made of; nothing when it is not understood."""
        self._hidden: list[Metric] = []
        try:
            tree = read(sql)
            made = self._made(name, tree)
        except NotUnderstood as error:
            self._warn(f"metrics.{name}", f"`{error}` is not understood; it is left out.")
            return []
        return [*self._hidden, made.model_copy(update=told)]

    def _made(self, name: str, tree: Tree) -> Metric:
        match tree:
            case Aggregate():
                return self._simple(name, tree)
            case Operation("/", left, right) if _is_value(left) and _is_value(right):
                above, below = self._input(name, left), self._input(name, right)
                return Metric(name=name, type="ratio", numerator=above, denominator=below)
        inputs: dict[str, MetricInput] = {}
        expr = self._expr(name, tree, inputs)
        if not inputs:
            raise NotUnderstood("an expression without an aggregate")
        return Metric(name=name, type="derived", expr=expr, input_metrics=tuple(inputs.values()))

    def _expr(self, name: str, tree: Tree, inputs: dict[str, MetricInput]) -> str:
        match tree:
            case Number(text):
                return text
            case Operation(operator, left, right):
                sides = [self._expr(name, item, inputs) for item in (left, right)]
                texts = [
                    f"({text})" if isinstance(item, Operation) else text
                    for text, item in zip(sides, (left, right), strict=True)
                ]
                return f"{texts[0]} {operator} {texts[1]}"
            case Filled(inner, value) if not _is_value(tree):
                return f"coalesce({self._expr(name, inner, inputs)}, {value})"
        given = self._input(name, tree)
        inputs[given.name] = given
        return given.name

    def _input(self, owner: str, tree: Tree) -> MetricInput:
        """A metric that is named, or a hidden one for an aggregate."""
        null_as = None
        if isinstance(tree, Filled):
            null_as, tree = float(tree.value), tree.inner
        if isinstance(tree, Name) and null_as is None:
            if tree.name not in self.known or tree.name == owner:
                raise NotUnderstood(tree.name)
            return MetricInput(name=tree.name)
        if not isinstance(tree, Aggregate):
            raise NotUnderstood("COALESCE")
        title, count = f"{owner}_part_{len(self._hidden) + 1}", 2
        while title in self.known:
            title, count = f"{title}_{count}", count + 1
        made = self._simple(title, tree).model_copy(update={"hidden": True, "null_as": null_as})
        same = next((m for m in self._hidden if m.model_copy(update={"name": title}) == made), None)
        if same is None:
            self._hidden.append(made)
        return MetricInput(name=(same or made).name)

    def _simple(self, name: str, tree: Aggregate) -> Metric:
        inner, used = (
            ("", {self._only()}) if tree.inner == "*" else resolve(tree.inner, self._tables)
        )
        if len(used) != 1:
            what = "several datasets" if used else "no dataset"
            raise NotUnderstood(f"{tree.inner}, which is of {what}")
        mart = self._marts[self._tables[used.pop()].mart]
        return Metric(
            name=name,
            type="simple",
            mart=mart.name,
            agg=tree.agg,
            expr=inner or _row_key(mart),
            percentile=tree.percentile,
            percentile_type="discrete" if tree.is_discrete else "continuous",
        )

    def _only(self) -> str:
        """The dataset of `COUNT(*)`: the only one there is."""
        if len(self._tables) != 1:
            raise NotUnderstood("COUNT(*)")
        return next(iter(self._tables))


def _is_value(tree: Tree) -> bool:
    inner = tree.inner if isinstance(tree, Filled) else tree
    return isinstance(inner, (Aggregate, Name))


def _row_key(mart: Mart) -> str:
    return next((item.expr for item in mart.entities if item.type == "primary"), "1")
