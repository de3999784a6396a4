"""The query while it is being written: its parts, names, marts and remarks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from martlet.flow.metric import ConversionCount
from martlet.metrics.conditions import Condition
from martlet.metrics.refs import MetricRef, Ref
from martlet.metrics.request import Fold, Key
from martlet.metrics.rows import Kit, Rows
from martlet.metrics.span import Span
from martlet.metrics.tree import Node


@dataclass
class Part:
    """A CTE with one row per group, and the nodes that it computes.

    `periods` names the CTE of the buckets that must appear even where the part has no row.
    """

    name: str
    nodes: tuple[Node, ...]
    periods: str = ""


@dataclass(frozen=True)
class Totals:
    """The CTE of the metrics' totals, one row per period (its keys), or one row."""

    table: str
    keys: tuple[Key, ...]
    nodes: tuple[Node, ...]


# Joins a metric per entity to rows, and gives the SQL of its value.
MetricFilter = Callable[["Draft", Rows, MetricRef], str]


@dataclass
class Draft:
    """One request on its way to SQL."""

    kit: Kit
    keys: tuple[Key, ...]
    span: Span
    where: tuple[Condition, ...]
    metric_filter: MetricFilter | None = None
    shown_keys: tuple[Key, ...] = ()  # as asked for; `keys` may hold a place instead of a group
    totals: Totals | None = None  # what shares are taken of
    ctes: list[tuple[str, str]] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    marts: list[str] = field(default_factory=list)
    used_as_filter: dict[str, str] = field(default_factory=dict)  # metric -> its entity
    asked: set[Node] = field(default_factory=set)  # leaves that are shown, not only compared with
    repeated: set[Node] = field(default_factory=set)  # leaves whose rows stand in several groups
    owners: dict[Node, str] = field(default_factory=dict)  # leaf -> the metric asked for
    counts: list[ConversionCount] = field(default_factory=list)  # of conversions, over all groups
    computed: set[Node] = field(default_factory=set)  # formulas that are columns already
    _columns: dict[Node, str] = field(default_factory=dict)
    _taken: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.shown_keys = self.shown_keys or self.keys
        self._taken = {key.name.lower() for key in self.keys}

    @property
    def fold(self) -> Fold | None:
        """The groups that are kept apart when all others are one."""
        return next((key.fold for key in self.keys if key.fold), None)

    def rows(self, leaf: Node) -> Rows:
        """A fresh view of the rows of a leaf."""
        joined = self.metric_filter
        return Rows(self.kit, leaf, partial(joined, self) if joined else None)

    def filters(self, leaf: Node) -> tuple[Condition, ...]:
        """The leaf's own conditions, from its metric and from the metrics that use it."""
        return self.kit.filters(leaf.filters, leaf.metric.name)

    def column(self, node: Node) -> str:
        """The column that holds a node's value, unique in the query."""
        if node not in self._columns:
            is_earlier = bool(node.shifts or node.ahead)
            title = f"{node.metric.name}_earlier" if is_earlier else node.metric.name
            self._columns[node] = self.free(title)
        return self._columns[node]

    def share_column(self, node: Node, other: Node) -> None:
        """Let a node stand for another: both have one column."""
        self._columns[node] = self.column(other)

    def owner(self, leaf: Node) -> str:
        """The metric for which a leaf is computed."""
        return self.owners.get(leaf, leaf.metric.name)

    def free(self, title: str) -> str:
        """A column name that is not taken yet."""
        free, count = title, 2
        while free.lower() in self._taken:
            free, count = f"{title}_{count}", count + 1
        self._taken.add(free.lower())
        return free

    def add(self, title: str, text: str) -> str:
        """Add a CTE under a free name; the same text is added once."""
        for known, body in self.ctes:
            if body == text:
                return known
        names = {known.lower() for known, _ in self.ctes}
        names |= {mart.lower() for mart in self.kit.catalog.marts}
        free, count = title, 2
        while free.lower() in names:
            free, count = f"{title}_{count}", count + 1
        self.ctes.append((free, text))
        return free

    def read(self, rows: Rows) -> None:
        """Remember the marts that were read."""
        self.marts += [mart for mart in rows.marts if mart not in self.marts]

    def is_time_of(self, ref: Ref, leaf: Node) -> bool:
        """Whether a name means the leaf's own time."""
        if ref.is_metric_time:
            return True
        place = self.kit.names.field(ref, [leaf])[leaf.home]
        return not place.path and place.field.name == self.kit.names.time_of(leaf)

    def time_keys(self, leaf: Node) -> tuple[Key, ...]:
        """The keys that cut the leaf's own time."""
        return tuple(key for key in self.keys if not key.fold and self.is_time_of(key.ref, leaf))

    def other_keys(self, leaf: Node) -> tuple[Key, ...]:
        """The keys that do not cut the leaf's own time."""
        own = self.time_keys(leaf)
        return tuple(key for key in self.keys if key not in own)
