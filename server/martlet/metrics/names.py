"""What a name means for given metrics, and which names would do instead."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from martlet.errors import RequestError, UnknownName, nearest
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Dimension, Metric
from martlet.metrics import advice
from martlet.metrics.graph import Graph, Path, Place, fields_of, primary_entity
from martlet.metrics.refs import METRIC_TIME, Ref
from martlet.metrics.tree import Forest, Home, Node

MOST_OFFERED = 12


@dataclass(frozen=True)
class Reachable:
    """A dimension that groups a metric: its name, where it lives and the entities on the way."""

    name: str
    mart: str
    dimension: Dimension
    path: Path


def dimensions_of(
    metric: str, catalog: Catalog, build: BuildState | None = None
) -> list[Reachable]:
    """The dimensions that can group or filter a metric, nearest first; `metric_time` is apart.

    Raises: UnknownName `name.unknown`.
    """
    return Names(catalog, Graph(catalog, build)).dimensions(metric)


class Names:
    """Finds fields for metrics, over one catalog."""

    def __init__(self, catalog: Catalog, graph: Graph) -> None:
        self.catalog = catalog
        self.graph = graph
        self._found: dict[tuple[str, str, str], Place | None] = {}

    def dimensions(self, metric: str) -> list[Reachable]:
        """The dimensions that can group or filter a metric, nearest first."""
        places = self.common(tuple(Forest(self.catalog).grow(metric).leaves()))
        return [
            Reachable(place.name, place.mart.name, place.field, place.path)
            for place in places
            if isinstance(place.field, Dimension)
        ]

    def groupings(self, metric: str) -> list[str]:
        """The names that can group a metric, nearest first: dimensions, and entities it shares."""
        places = self.common(tuple(Forest(self.catalog).grow(metric).leaves()))
        return list(dict.fromkeys(place.name for place in places))

    def common(self, leaves: Sequence[Node]) -> list[Place]:
        """The fields that every leaf reaches, as the first leaf names them."""
        first, *others = leaves
        shared = [{place.target for place in self.graph.places(leaf.mart)} for leaf in others]
        return [
            place
            for place in self.graph.places(first.mart)
            if all(place.target in targets for targets in shared) and not _is_validity(place)
        ]

    def field(self, ref: Ref, leaves: Sequence[Node]) -> dict[Home, Place]:
        """Home of each leaf -> the field that a name means there.

        Raises: UnknownName `name.unknown`, `name.ambiguous`; RequestError `metric.fan_out`,
        `metric.no_path`, `metric.ambiguous_path`.
        """
        found = {leaf.home: self.find(ref, leaf) for leaf in leaves}
        if not any(found.values()) and not self._exists(ref):
            raise self._unknown(ref, leaves)
        for leaf in leaves:
            if found[leaf.home] is None:
                raise self._unreachable(ref, leaf, leaves)
        places = {home: place for home, place in found.items() if place is not None}
        if len({place.target for place in places.values()}) > 1:
            raise self._different(ref, leaves, places)
        return places

    def find(self, ref: Ref, leaf: Node) -> Place | None:
        """The field that a name means for one leaf, None when it reaches none.

        Raises: UnknownName `name.ambiguous`; RequestError `metric.ambiguous_path`.
        """
        key = (ref.plain, leaf.mart, leaf.time)
        if key not in self._found:
            self._found[key] = self._look_up(ref, leaf)
        return self._found[key]

    def _look_up(self, ref: Ref, leaf: Node) -> Place | None:
        ranked = [
            (rank, place)
            for place in self.graph.places(leaf.mart)
            if (rank := _rank(ref, place, self.time_of(leaf))) is not None
        ]
        best = min((rank for rank, _ in ranked), default=None)
        places = _without_detours([place for rank, place in ranked if rank == best])
        if len(places) > 1:
            raise _ambiguous(ref, leaf, places)
        return places[0] if places else None

    def time_of(self, leaf: Node) -> str:
        """The name of the dimension that is `metric_time` for a leaf; empty when it has none."""
        return leaf.time or self.catalog.marts[leaf.mart].agg_time_dimension

    def _exists(self, ref: Ref) -> bool:
        wanted = ref.field.lower()
        return any(
            wanted == item.name.lower()
            for mart in self.catalog.marts.values()
            for item in fields_of(mart)
        )

    def _unknown(self, ref: Ref, leaves: Sequence[Node]) -> UnknownName:
        offered = self._offered(ref, leaves)
        return UnknownName(
            "name.unknown",
            f"`{ref.name}` is not a dimension of {_named(leaves)}.",
            next_step=offered,
        )

    def _offered(self, ref: Ref, leaves: Sequence[Node]) -> str:
        valid = list(dict.fromkeys(place.name for place in self.common(leaves)))
        close = nearest(ref.plain, [METRIC_TIME, *valid])
        hint = f"Did you mean {' or '.join(f'`{item}`' for item in close)}? " if close else ""
        shown = ", ".join((METRIC_TIME, *valid[:MOST_OFFERED]))
        more = f" and {len(valid) - MOST_OFFERED} more" if len(valid) > MOST_OFFERED else ""
        who = "All of them" if len(leaves) > 1 else "It"
        return f"{hint}{who} can be grouped by {shown}{more}."

    def _unreachable(self, ref: Ref, leaf: Node, leaves: Sequence[Node]) -> RequestError:
        """The refusal when a field exists, but this leaf has no to-one path to it."""
        targets = [
            mart.name
            for mart in self.catalog.marts.values()
            if any(item.name.lower() == ref.field.lower() for item in fields_of(mart))
            and _fits_mart(ref, mart.name, primary_entity(mart), mart.semantic_name)
        ]
        close = self._instead(ref, leaf, targets)
        through = {self.catalog.metrics[name].mart for name in close}
        ways = [way for mart in targets if (way := self.graph.many_side(leaf.mart, mart, through))]
        can = dict.fromkeys(f"`{other.metric.name}`" for other in leaves if self.find(ref, other))
        alone = f"{' and '.join(can)} can; ask for {'it' if len(can) == 1 else 'them'} apart. "
        offer = f"By `{ref.name}`, use {' or '.join(f'`{name}`' for name in close)}. "
        instead = alone if can else offer if close else ""
        next_step = f"{instead}{self._offered(ref, [leaf])}"
        if not ways:
            message = f"`{leaf.metric.name}` ({leaf.mart}) has no join to `{ref.name}`."
            return RequestError("metric.no_path", message, next_step=next_step)
        way = min(ways, key=len)
        return RequestError(
            "metric.fan_out",
            f"`{leaf.metric.name}` cannot be grouped or filtered by `{ref.name}`: the way "
            f"{_shortened(way)} repeats rows of {leaf.mart} and would inflate it."
            + "".join(f" {text}" for text in self.graph.broken_keys(way)),
            next_step=next_step,
        )

    def _instead(self, ref: Ref, leaf: Node, targets: Sequence[str]) -> list[str]:
        """The metrics most like this one that do reach the field."""
        able = {mart for target in targets for mart in self.graph.reaching(target)}
        others = [
            metric
            for metric in self.catalog.metrics.values()
            if not metric.hidden
            and metric.status != "deprecated"
            and metric.name != leaf.metric.name
            and (not metric.mart or metric.mart in able)
        ]
        finer = self.graph.reaching(leaf.mart) - {leaf.mart}

        def is_able(metric: Metric) -> bool:
            return self._reaches(metric, ref, able)

        return advice.nearest_metrics(leaf.metric, others, finer, is_able)

    def _reaches(self, metric: Metric, ref: Ref, able: Collection[str]) -> bool:
        try:
            leaves = list(Forest(self.catalog).grow(metric.name).leaves())
            return all(leaf.mart in able and self.find(ref, leaf) for leaf in leaves)
        except (RequestError, UnknownName):
            return False  # a metric that cannot be computed, or for which the name is ambiguous

    def _different(
        self, ref: Ref, leaves: Sequence[Node], places: dict[Home, Place]
    ) -> UnknownName:
        means = {place.target: place.name for place in places.values()}
        return UnknownName(
            "name.ambiguous",
            f"`{ref.name}` means a different field for each of these metrics: "
            + ", ".join(f"`{name}`" for name in means.values())
            + ".",
            next_step="Ask for the metrics apart, or group by a field that all of them have: "
            + ", ".join([METRIC_TIME, *(p.name for p in self.common(leaves)[:MOST_OFFERED])])
            + ".",
        )


def _rank(ref: Ref, place: Place, time: str) -> tuple[int, bool] | None:
    """How well a name fits a field, lower is better (a dimension before an entity); None: not."""
    if place.field.name.lower() != ref.field.lower():
        return None
    fit = _fit(ref, place, time)
    return None if fit is None else (fit, not isinstance(place.field, Dimension))


def _fit(ref: Ref, place: Place, time: str) -> int | None:
    """0 is the full name, 1 its tail, 2 the bare name, 3 the name of the mart."""
    prefix = tuple(part.lower() for part in ref.prefix)
    path = tuple(part.lower() for part in place.path)
    owner = primary_entity(place.mart).lower()
    if path and prefix == path:
        return 0
    if not path and prefix in ((), (owner,)) and (prefix or place.field.name == time):
        return 0
    chain = (primary_entity(place.base).lower(), *path)
    if prefix and chain[-len(prefix) :] == prefix:
        return 1
    if not prefix or _is_subsequence(prefix, chain):
        return 2
    fits = _fits_mart(ref, place.mart.name, owner, place.mart.semantic_name)
    return 3 if fits else None


def _fits_mart(ref: Ref, mart: str, owner: str, semantic_name: str) -> bool:
    """Whether the name's last entity could be this mart: its entity, or its own name."""
    if not ref.prefix:
        return True
    return ref.prefix[-1].lower() in {mart.lower(), owner.lower(), semantic_name.lower()}


def _is_subsequence(prefix: Path, chain: Path) -> bool:
    rest = iter(chain)
    return all(part in rest for part in prefix)


def _without_detours(places: list[Place]) -> list[Place]:
    """Leave out longer ways to the same entity: an own key is nearer than another mart's."""
    return [
        place
        for place in places
        if not any(
            other is not place
            and other.target == place.target
            and len(other.path) < len(place.path)
            and place.path[-len(other.path) :] == other.path
            for other in places
            if other.path
        )
    ]


def _is_validity(place: Place) -> bool:
    return isinstance(place.field, Dimension) and bool(place.field.validity)


def _ambiguous(ref: Ref, leaf: Node, places: list[Place]) -> RequestError | UnknownName:
    choices = ", ".join(f"`{place.name}`" for place in places[:MOST_OFFERED])
    if len({place.target for place in places}) == 1:
        return RequestError(
            "metric.ambiguous_path",
            f"More than one way leads from `{leaf.metric.name}` to `{ref.name}`.",
            next_step=f"Choose one: {choices}.",
        )
    return UnknownName(
        "name.ambiguous",
        f"`{ref.name}` fits more than one field of `{leaf.metric.name}`.",
        next_step=f"Choose one: {choices}.",
    )


def _shortened(way: Sequence[str]) -> str:
    shown = way if len(way) < 6 else (*way[:2], "…", *way[-2:])
    return " → ".join(shown)


def _named(leaves: Sequence[Node]) -> str:
    names = list(dict.fromkeys(f"`{leaf.metric.name}`" for leaf in leaves))
    return " and ".join(names) if len(names) < 4 else f"these {len(names)} metrics"
