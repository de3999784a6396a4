"""The metric compiler: a request and a catalog become DuckDB SQL over the marts."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.errors import RequestError, UnknownName, did_you_mean
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.flow.metric import CompiledMetric, MetricRequest
from martlet.flow.query import ColumnRef
from martlet.metrics import compose, shares, top, words
from martlet.metrics.compare import columns_of, read_compare, share_of
from martlet.metrics.conditions import Condition, read_conditions
from martlet.metrics.draft import Draft
from martlet.metrics.expressions import Expressions
from martlet.metrics.fields import find_column
from martlet.metrics.grains import Length
from martlet.metrics.graph import Graph
from martlet.metrics.metric_filters import join_metric
from martlet.metrics.names import Names
from martlet.metrics.request import (
    MOST_METRICS,
    Key,
    read_keys,
    read_order,
    read_where,
)
from martlet.metrics.rows import Kit
from martlet.metrics.span import read_span
from martlet.metrics.tree import Forest, Node


def compile_request(
    request: MetricRequest, catalog: Catalog, build: BuildState | None = None
) -> CompiledMetric:
    """SQL for a request, with what the answer must say about it.

    Raises: UnknownName `name.*`; RequestError `request.invalid`, `metric.*`.
    """
    return Compiler(catalog, build).compile(request)


class Compiler:
    """Compiles requests against one catalog on one build; joins and expressions are read once."""

    def __init__(self, catalog: Catalog, build: BuildState | None = None) -> None:
        self._kit = _kit(catalog, build, may_repeat=False)
        self._repeating_kit = _kit(catalog, build, may_repeat=True)

    def compile(self, request: MetricRequest) -> CompiledMetric:
        """SQL for a request, with what the answer must say about it.

        Raises: UnknownName `name.*`; RequestError `request.invalid`, `metric.*`.
        """
        _check_options(request)
        kit = self._repeating_kit if request.allow_nonadditive else self._kit
        forest = Forest(kit.catalog)
        wanted = [forest.grow(name) for name in _metric_names(request)]
        conditions = read_conditions(request.having, kit.catalog.calendars, "having")
        having = [(condition, _metrics_in(condition, forest)) for condition in conditions]
        leaves = _published([*wanted, *(n for _, named in having for n in named.values())], kit)
        keys = read_keys(request, leaves, kit.names)
        where = _where(request, leaves, kit)
        span = read_span(request)
        ahead = read_compare(request, keys, span)
        draft = Draft(kit, keys, span, where, metric_filter=join_metric)
        shared = shares.find_shares(wanted, draft) if request.share else ()
        _check_titles(columns := _columns(keys, wanted, ahead, shared))
        for condition, named in having:
            _check_having(condition, {*named, *columns}, keys, kit)
        order = read_order(request.order_by, columns, kit.catalog)
        ranking = top.read_top(request, keys, wanted, order)
        if ranking:
            draft = top.fold(draft, ranking)
        if shared:
            shares.add_totals(draft, shared)
        text = compose.write(draft, wanted, having, order, ahead)
        return words.describe(request, draft, wanted, text, ahead, ranking)

    def field(self, name: str) -> ColumnRef:
        """The published column that a name means: `mart.column`, a column, or a dimension.

        Raises: UnknownName `name.unknown`, `name.ambiguous`.
        """
        return find_column(name, self._kit.catalog, self._kit.build)


def _published(wanted: Sequence[Node], kit: Kit) -> list[Node]:
    """The leaves of the wanted metrics, all of whose marts are published."""
    leaves = list(dict.fromkeys(leaf for node in wanted for leaf in node.leaves()))
    for leaf in leaves:
        for mart in (leaf.mart, leaf.converts.mart if leaf.converts else leaf.mart):
            if not kit.graph.has(mart):
                raise UnknownName(
                    "name.unknown",
                    f"`{leaf.metric.name}` needs the mart `{mart}`, which is not published.",
                    next_step="Ask for another metric; `search` shows what is published.",
                )
    return leaves


def _where(request: MetricRequest, leaves: Sequence[Node], kit: Kit) -> tuple[Condition, ...]:
    """The conditions, each name of which means one field for all leaves."""
    where = read_where(request.where, kit.catalog)
    for condition in where:
        for ref in condition.fields:
            if not ref.is_metric_time:
                kit.names.field(ref, leaves)
    return where


def _check_having(condition: Condition, metrics: set[str], keys: Sequence[Key], kit: Kit) -> None:
    """Every other name in the condition is a column to group by."""
    columns = {spelling for key in keys for spelling in (key.name, key.ref.name)}
    for ref in condition.fields:
        if ref.name not in metrics | columns:
            known = [*kit.catalog.metrics, *columns]
            raise UnknownName(
                "name.unknown",
                f"`{ref.name}` is neither a metric nor a column to group by.",
                where=condition.text,
                next_step=f"{did_you_mean(ref.name, known)} Conditions on other dimensions "
                "belong to `where`.".strip(),
            )


def _kit(catalog: Catalog, build: BuildState | None, *, may_repeat: bool) -> Kit:
    graph = Graph(catalog, build, may_repeat=may_repeat)
    return Kit(catalog, build, graph, Names(catalog, graph), Expressions())


def _metrics_in(condition: Condition, forest: Forest) -> dict[str, Node]:
    """The metrics that a condition names."""
    names = [ref.name for ref in condition.fields if ref.name in forest.catalog.metrics]
    return {name: forest.grow(name) for name in names}


def _columns(
    keys: Sequence[Key], wanted: Sequence[Node], ahead: Length | None, shared: Sequence[Node]
) -> list[str]:
    """The names of the result's columns, in order."""
    names = [key.name for key in keys]
    for node in wanted:
        names += [node.metric.name, *(columns_of(node.metric.name) if ahead else ())]
        names += [share_of(node.metric.name)] if node in shared else []
    return names


def _check_titles(columns: Sequence[str]) -> None:
    """No two columns of the result may have one name; DuckDB's names know no case."""
    seen: set[str] = set()
    for column in columns:
        if column.lower() in seen:
            raise RequestError(
                "request.invalid",
                f"The result would have two columns named `{column}`.",
                next_step="Write the dimension with its entity (entity__name), or ask apart.",
            )
        seen.add(column.lower())


def _metric_names(request: MetricRequest) -> list[str]:
    names = list(dict.fromkeys(name.strip() for name in request.metrics))
    if not names:
        raise RequestError(
            "request.invalid",
            "No metric is named.",
            where="metrics: []",
            next_step="Name at least one; `search` finds them by meaning.",
        )
    if len(names) > MOST_METRICS:
        raise RequestError(
            "request.invalid",
            f"{len(names)} metrics are too many for one request.",
            next_step=f"Ask for at most {MOST_METRICS} at once.",
        )
    return names


def _check_options(request: MetricRequest) -> None:
    if request.limit is not None and request.limit < 1:
        raise RequestError(
            "request.invalid", "`limit` must be 1 or more.", where=f"limit: {request.limit}"
        )
