"""What a metric is made of: leaves (one mart each) and the formulas above them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from martlet.errors import RequestError, UnknownName, did_you_mean
from martlet.flow.catalog import Catalog, Metric, MetricInput
from martlet.metrics.grains import Length, Shift, read_length

COUNTS = frozenset({"count", "count_distinct", "sum_boolean"})
ADDITIVE = frozenset({"sum", "count", "sum_boolean"})
MOST_NESTING = 30

Home = tuple[str, str]  # the mart of a leaf, and the time dimension it names (or none)


@dataclass(frozen=True)
class Window:
    """The days a cumulative value looks at, up to and including its own day."""

    length: Length | None = None
    to_grain: str = ""
    period_agg: str = "last"


@dataclass(frozen=True, eq=False)
class Node:
    """A value per group: a leaf is computed from rows, a formula from other nodes.

    Nodes are shared: the same metric under the same filters and shifts is one node, so that
    identity is equality.
    """

    metric: Metric  # whose value this is
    filters: tuple[str, ...] = ()
    shifts: tuple[Shift, ...] = ()
    inputs: tuple[tuple[str, Node], ...] = ()  # formulas: alias -> node
    source: Metric | None = None  # leaves: the simple metric whose rows are read
    window: Window | None = None
    converts: Node | None = None  # conversions: the leaf of the events; `source` is the base
    ahead: Length | None = None  # `compare`: rows are seen this much later than they were
    is_unbounded: bool = False  # read whole, because a later bucket looks back at it

    @property
    def is_leaf(self) -> bool:
        return self.source is not None

    @cached_property
    def depth(self) -> int:
        return 0 if self.is_leaf else 1 + max(node.depth for _, node in self.inputs)

    @property
    def mart(self) -> str:
        return self.source.mart if self.source else ""

    @property
    def time(self) -> str:
        """The metric's own time dimension, when it names one; else the mart's is meant."""
        return self.source.agg_time_dimension if self.source else ""

    @property
    def home(self) -> Home:
        return self.mart, self.time

    @property
    def is_windowed(self) -> bool:
        """Whether a range limits what is shown rather than the rows that are read."""
        return bool(self.shifts or self.window or self.is_unbounded)

    def earlier(self, ahead: Length, known: dict[Node, Node]) -> Node:
        """The same value of rows that lie back by a length, seen where the present ones are.

        `known` keeps nodes shared: hand in the same one for all nodes of a request.
        """
        if self not in known:
            inputs = tuple((alias, child.earlier(ahead, known)) for alias, child in self.inputs)
            if self.shifts and self.is_leaf:
                known[self] = replace(self, shifts=(Shift(ahead), *self.shifts))
            else:
                known[self] = replace(self, inputs=inputs, ahead=ahead)
        return known[self]

    def leaves(self) -> Iterator[Node]:
        """The leaves below, in order of definition, each once."""
        seen: set[Node] = set()
        stack = [self]
        while stack:
            node = stack.pop()
            if node in seen:
                continue
            seen.add(node)
            if node.is_leaf:
                yield node
            stack.extend(child for _, child in reversed(node.inputs))


_Key = tuple[str, tuple[str, ...], tuple[Shift, ...]]


@dataclass
class Forest:
    """Grows nodes for the metrics of one request, sharing what is equal."""

    catalog: Catalog
    _nodes: dict[_Key, Node] = field(default_factory=dict)
    _open: list[str] = field(default_factory=list)

    def grow(
        self, name: str, filters: tuple[str, ...] = (), shifts: tuple[Shift, ...] = ()
    ) -> Node:
        """The node of a metric.

        Raises: UnknownName `name.unknown`; RequestError `metric.unsupported` for a definition
        that runs in a circle.
        """
        metric = find_metric(name, self.catalog)
        filters = tuple(dict.fromkeys((*filters, *metric.filter)))
        key = (name, filters, shifts)
        if key not in self._nodes:
            if name in self._open or len(self._open) >= MOST_NESTING:
                circle = " → ".join((*self._open, name))
                raise RequestError(
                    "metric.unsupported",
                    f"`{name}` is defined by itself: {circle}.",
                    next_step="Its author must break the circle; other metrics are not affected.",
                )
            self._open.append(name)
            self._nodes[key] = _KINDS[metric.type](self, metric, filters, shifts)
            self._open.pop()
        return self._nodes[key]

    def input(
        self, given: MetricInput, filters: tuple[str, ...], shifts: tuple[Shift, ...]
    ) -> Node:
        """The node of a metric used inside another, with its own filter and offset."""
        moved = _shift(given, self.catalog.calendars)
        return self.grow(given.name, (*filters, *given.filter), (*shifts, *moved))


def find_metric(name: str, catalog: Catalog) -> Metric:
    """The metric of a name.

    Raises: UnknownName `name.unknown`, with the nearest names and those with such a synonym.
    """
    if name in catalog.metrics:
        return catalog.metrics[name]
    visible = [metric for metric in catalog.metrics.values() if not metric.hidden]
    words = name.replace("_", " ").strip().lower()
    meant = [
        metric.name
        for metric in visible
        if words in {item.lower() for item in (metric.label, *metric.ai_context.synonyms)}
    ]
    offer = (
        f"Did you mean {' or '.join(f'`{item}`' for item in meant[:3])}?"
        if meant
        else did_you_mean(name, [metric.name for metric in visible])
    )
    raise UnknownName(
        "name.unknown",
        f"There is no metric `{name}`.",
        next_step=f"{offer} `search` finds metrics by their meaning.".strip(),
    )


def _simple(
    forest: Forest, metric: Metric, filters: tuple[str, ...], shifts: tuple[Shift, ...]
) -> Node:
    return Node(metric, filters, shifts, source=metric)


def _ratio(
    forest: Forest, metric: Metric, filters: tuple[str, ...], shifts: tuple[Shift, ...]
) -> Node:
    if metric.numerator is None or metric.denominator is None:
        raise _incomplete(metric, "numerator and denominator")
    sides = (("numerator", metric.numerator), ("denominator", metric.denominator))
    inputs = tuple((alias, forest.input(side, filters, shifts)) for alias, side in sides)
    return Node(metric, filters, shifts, inputs)


def _derived(
    forest: Forest, metric: Metric, filters: tuple[str, ...], shifts: tuple[Shift, ...]
) -> Node:
    if not metric.input_metrics or not metric.expr:
        raise _incomplete(metric, "input_metrics and expr")
    inputs = tuple(
        (given.alias or given.name, forest.input(given, filters, shifts))
        for given in metric.input_metrics
    )
    return Node(metric, filters, shifts, inputs)


def _cumulative(
    forest: Forest, metric: Metric, filters: tuple[str, ...], shifts: tuple[Shift, ...]
) -> Node:
    if len(metric.input_metrics) != 1:
        raise _incomplete(metric, "exactly one input metric")
    inner = forest.input(metric.input_metrics[0], filters, ())
    if not _is_plain(inner) or inner.shifts:
        raise RequestError(
            "metric.unsupported",
            f"`{metric.name}` accumulates `{inner.metric.name}`, which is not a simple metric.",
            next_step="Accumulate its inputs, and derive from the results.",
        )
    where = f"window of {metric.name}"
    length = read_length(metric.window, where=where) if metric.window else None
    window = Window(length, metric.grain_to_date, metric.period_agg)
    return Node(metric, inner.filters, shifts, source=inner.source, window=window)


def _conversion(
    forest: Forest, metric: Metric, filters: tuple[str, ...], shifts: tuple[Shift, ...]
) -> Node:
    """Conversion events of base rows, or their share; rows without the entity count in neither."""
    if metric.base_metric is None or metric.conversion_metric is None or not metric.entity:
        raise _incomplete(metric, "base_metric, conversion_metric and entity")
    known = entity_is_known(metric)
    base = forest.input(metric.base_metric, (*filters, known), shifts)
    events = forest.input(metric.conversion_metric, (known,), ())
    if not _is_plain(base) or not _is_plain(events):
        raise RequestError(
            "metric.unsupported",
            f"`{metric.name}` needs simple metrics as its base and conversion.",
            next_step="Its author must name simple metrics.",
        )
    converted = Node(metric, base.filters, shifts, source=base.source, converts=events)
    if metric.calculation == "conversions":
        return converted
    return Node(metric, filters, shifts, (("conversions", converted), ("base", base)))


def entity_is_known(metric: Metric) -> str:
    """The condition on both sides of a conversion: who came is known."""
    return f"Entity('{metric.entity}') is not null"


def _is_plain(node: Node) -> bool:
    return node.source is not None and not (node.window or node.converts)


_KINDS = {
    "simple": _simple,
    "ratio": _ratio,
    "derived": _derived,
    "cumulative": _cumulative,
    "conversion": _conversion,
}


def _shift(given: MetricInput, calendars: Collection[str]) -> tuple[Shift, ...]:
    if given.offset_window:
        where = f"offset of {given.name}"
        return (Shift(read_length(given.offset_window, where=where, calendars=calendars)),)
    return (Shift(to_grain=given.offset_to_grain),) if given.offset_to_grain else ()


def _incomplete(metric: Metric, what: str) -> RequestError:
    return RequestError(
        "metric.unsupported",
        f"`{metric.name}` is a {metric.type} metric without {what}.",
        next_step="Its author must complete it; other metrics are not affected.",
    )
