"""Which fields each mart can reach along to-one joins, found from the entities of the catalog."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Dimension, Entity, Mart

MOST_HOPS = 6
MOST_PATHS = 500  # of one mart: a dense graph has more paths than anybody could name

Path = tuple[str, ...]


@dataclass(frozen=True)
class Hop:
    """A step along an entity: to-one, unless `repeats` says that it multiplies rows.

    `valid` are the SCD2 columns (from, to) of the target.
    """

    entity: str
    from_mart: str
    from_expr: str
    to_mart: str
    to_expr: str
    valid: tuple[str, str] | None = None
    repeats: bool = False


@dataclass(frozen=True, eq=False)
class Place:
    """A field as one mart reaches it."""

    base: Mart
    mart: Mart
    hops: tuple[Hop, ...]
    field: Dimension | Entity

    @cached_property
    def path(self) -> Path:
        return tuple(hop.entity for hop in self.hops)

    @cached_property
    def name(self) -> str:
        """The name that always means this field, seen from its base."""
        if self.path:
            return "__".join((*self.path, self.field.name))
        if isinstance(self.field, Entity) or not primary_entity(self.mart):
            return self.field.name
        return f"{primary_entity(self.mart)}__{self.field.name}"

    @cached_property
    def target(self) -> tuple[str, str]:
        """What the field is, however it is reached; entities are the same thing in every mart."""
        if isinstance(self.field, Entity):
            return "", self.field.name
        return self.mart.name, self.field.name

    @property
    def is_time(self) -> bool:
        return isinstance(self.field, Dimension) and self.field.type == "time"

    @property
    def granularity(self) -> str:
        return self.field.granularity or "day" if isinstance(self.field, Dimension) else ""


def primary_entity(mart: Mart) -> str:
    """The entity whose key is one row of the mart; empty when none is declared."""
    declared = next((entity.name for entity in mart.entities if entity.type == "primary"), "")
    return declared or mart.primary_entity


def fields_of(mart: Mart) -> list[Dimension | Entity]:
    """What a mart can be grouped by: its dimensions, then its entities."""
    return [*mart.dimensions, *mart.entities]


def validity(mart: Mart) -> tuple[str, str] | None:
    """The columns between which a row of an SCD2 mart holds."""
    start = next((item.expr for item in mart.dimensions if item.validity == "start"), None)
    end = next((item.expr for item in mart.dimensions if item.validity == "end"), None)
    return (start, end) if start is not None and end is not None else None


class Graph:
    """Joins between the marts of a catalog, safe as far as the build measured their keys.

    With `may_repeat` a first step may multiply rows, to fields that are not reached otherwise.
    """

    def __init__(
        self, catalog: Catalog, build: BuildState | None, *, may_repeat: bool = False
    ) -> None:
        self._may_repeat = may_repeat
        self._marts = {
            name: mart
            for name, mart in catalog.marts.items()
            if build is None or not build.marts or name in build.marts
        }
        self._build = build
        self._places: dict[str, tuple[Place, ...]] = {}
        self._keyed = self._find_keyed()

    def places(self, mart: str) -> tuple[Place, ...]:
        """Every field a mart reaches to-one, nearest first."""
        if mart not in self._places:
            base = self._marts[mart]
            found = [place for hops in self._paths(base) for place in self._fields(base, hops)]
            if self._may_repeat:
                found += self._repeated(base, {place.target for place in found})
            self._places[mart] = tuple(found)
        return self._places[mart]

    def _repeated(self, base: Mart, known: set[tuple[str, str]]) -> list[Place]:
        """The fields that lie behind one step to many rows."""
        steps = [
            Hop(own.name, base.name, own.expr, other.name, their.expr, repeats=True)
            for own in base.entities
            for other in self._marts.values()
            for their in other.entities
            if other.name != base.name and their.name == own.name and their.type == "foreign"
        ]
        return [
            place
            for step in steps
            for hops in self._paths(self._marts[step.to_mart])
            if base.name not in {hop.to_mart for hop in hops}
            for place in self._fields(base, (step, *hops))
            if place.target not in known
        ]

    def has(self, mart: str) -> bool:
        return mart in self._marts

    def reaching(self, target: str) -> set[str]:
        """The marts that reach a mart to-one, itself included."""
        found = {target}
        edge = found
        for _ in range(MOST_HOPS):
            keys = {
                name
                for name, places in self._keyed.items()
                if any(mart.name in edge and not self._is_broken(mart, key) for mart, key in places)
            }
            edge = {
                mart.name
                for mart in self._marts.values()
                if mart.name not in found and keys & {entity.name for entity in mart.entities}
            }
            found = found | edge
        return found

    def many_side(
        self, mart: str, target: str, through: Collection[str] = ()
    ) -> tuple[str, ...] | None:
        """Marts on the way to `target` when it can only be reached by repeating rows.

        Of ways of one length, the one `through` these marts is told.
        """
        before: dict[str, str] = {mart: ""}
        queue = deque([mart])
        while queue:
            here = queue.popleft()
            if here == target:
                return tuple(_walk_back(before, target))
            for other in sorted(self._touching(here), key=lambda name: name not in through):
                if other not in before:
                    before[other] = here
                    queue.append(other)
        return None

    def broken_keys(self, marts: Sequence[str]) -> list[str]:
        """The declared keys on a way that the build measured as repeating, in words."""
        found = []
        for mart in marts[1:]:
            for entity in self._marts[mart].entities:
                broken = self._measured_broken(mart, entity)
                if broken and entity.type != "foreign":
                    rows, distinct = broken
                    found.append(
                        f"`{entity.expr}` should be a key of {mart}, but the build measured "
                        f"{distinct} distinct values in {rows} rows."
                    )
        return found

    def _measured_broken(self, mart: str, entity: Entity) -> tuple[int, int] | None:
        """Rows and distinct values of a declared key that repeats, nulls aside."""
        state = self._build.marts.get(mart) if self._build else None
        for key in state.keys if state else ():
            if key.columns == (entity.expr,) and key.distinct < key.rows - key.nulls:
                return key.rows - key.nulls, key.distinct
        return None

    def _find_keyed(self) -> dict[str, list[tuple[Mart, Entity]]]:
        """Entity name -> marts in which it identifies one row."""
        keyed: dict[str, list[tuple[Mart, Entity]]] = {}
        for mart in self._marts.values():
            for entity in mart.entities:
                is_key = entity.type in ("primary", "unique")
                if is_key or (entity.type == "natural" and validity(mart)):
                    keyed.setdefault(entity.name, []).append((mart, entity))
        return keyed

    def _paths(self, base: Mart) -> list[tuple[Hop, ...]]:
        found: list[tuple[Hop, ...]] = [()]
        queue: deque[tuple[Hop, ...]] = deque([()])
        while queue and len(found) < MOST_PATHS:
            hops = queue.popleft()
            if len(hops) == MOST_HOPS:
                continue
            here = self._marts[hops[-1].to_mart] if hops else base
            seen = {base.name, *(hop.to_mart for hop in hops)}
            used = {hop.entity for hop in hops}
            for hop in self._hops(here):
                if hop.to_mart not in seen and hop.entity not in used:
                    found.append((*hops, hop))
                    queue.append((*hops, hop))
        return found

    def _hops(self, mart: Mart) -> list[Hop]:
        return [
            Hop(entity.name, mart.name, entity.expr, other.name, key.expr, _valid(other, key))
            for entity in mart.entities
            for other, key in self._keyed.get(entity.name, [])
            if other.name != mart.name and not self._is_broken(other, key)
        ]

    def _is_broken(self, mart: Mart, key: Entity) -> bool:
        return key.type != "natural" and self._measured_broken(mart.name, key) is not None

    def _fields(self, base: Mart, hops: tuple[Hop, ...]) -> list[Place]:
        mart = self._marts[hops[-1].to_mart] if hops else base
        arrived = hops[-1].entity if hops else ""
        return [Place(base, mart, hops, item) for item in fields_of(mart) if item.name != arrived]

    def _touching(self, mart: str) -> list[str]:
        shared = {entity.name for entity in self._marts[mart].entities}
        return [
            other.name
            for other in self._marts.values()
            if other.name != mart and shared & {entity.name for entity in other.entities}
        ]


def _valid(mart: Mart, key: Entity) -> tuple[str, str] | None:
    return validity(mart) if key.type == "natural" else None


def _walk_back(before: dict[str, str], target: str) -> list[str]:
    path = [target]
    while before[path[-1]]:
        path.append(before[path[-1]])
    return path[::-1]
