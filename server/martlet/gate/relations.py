"""Columns as a query sees them: fields, the relations that hold them, and where a name leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from martlet.flow.query import ColumnRef
from martlet.gate.functions import VALUE_FUNCTIONS
from martlet.gate.tables import CATALOG, SCHEMA
from martlet.gate.words import fold

Sources = frozenset[ColumnRef]
NOTHING: Sources = frozenset()
PSEUDO_COLUMNS = frozenset({"rowid"})


@dataclass(frozen=True)
class Field:
    """One column of a relation or output; `name` is empty where DuckDB makes one up."""

    name: str
    sources: Sources = NOTHING
    aggregate: str = ""
    plain: bool = False


@dataclass(frozen=True)
class Relation:
    """Something in FROM. `is_open`: it may have columns that are not known by name here."""

    alias: str
    fields: tuple[Field, ...]
    is_open: bool = False
    path: tuple[str, ...] = ()  # of a mart without alias: ("marts", "fct_orders")
    joined: frozenset[str] = frozenset()  # USING columns, which `*` gives once

    def find(self, name: str) -> Field | None:
        wanted = fold(name)
        return next((one for one in self.fields if fold(one.name) == wanted), None)

    def is_called(self, names: list[str]) -> bool:
        """Whether these qualifiers, outermost first, name this relation."""
        folded = tuple(fold(name) for name in names)
        if folded == (fold(self.alias),):
            return True
        full = (CATALOG, SCHEMA, *self.path[-1:])
        return bool(self.path) and folded in (full[-2:], full, (CATALOG, self.path[-1]))

    @property
    def sources(self) -> Sources:
        return NOTHING.union(*(one.sources for one in self.fields))

    def whole(self) -> Field:
        """The relation as one value: a row as a struct."""
        return Field(self.alias, self.sources)

    @property
    def shown(self) -> Iterator[Field]:
        """What `*` gives of it."""
        return (one for one in self.fields if fold(one.name) not in self.joined)


@dataclass
class Frame:
    """The names in force at one place of a query; `parent` is the query around it."""

    parent: Frame | None = None
    relations: list[Relation] = field(default_factory=list)
    aliases: dict[str, Field] = field(default_factory=dict)
    parameters: frozenset[str] = frozenset()  # of lambdas

    def outward(self) -> Iterator[Frame]:
        frame: Frame | None = self
        while frame is not None:
            yield frame
            frame = frame.parent

    def find(self, names: list[str]) -> Field | None:
        """What a column reference means; None when no known name fits and none can be unknown."""
        for frame in self.outward():
            found = frame._find_here(names)
            if found is not None:
                return found
        if len(names) == 1 and fold(names[0]) in VALUE_FUNCTIONS | PSEUDO_COLUMNS:
            return Field(names[0])
        if fold(names[-1]) in PSEUDO_COLUMNS:
            return Field(names[-1])
        return self._find_unknown()

    def has_here(self, name: str) -> bool:
        """Whether DuckDB finds a bare name here, before it looks further out; aliases aside."""
        frame: Frame | None = self
        while frame is not None:
            if fold(name) in frame.parameters:
                return True
            if any(one.find(name) or one.is_called([name]) for one in frame.relations):
                return True
            frame = frame.parent if frame.parameters else None  # a lambda sees what is around it
        return False

    def known_names(self) -> set[str]:
        return {
            one.name
            for frame in self.outward()
            for one in (*_fields(frame.relations), *frame.aliases.values())
            if one.name
        }

    def _find_here(self, names: list[str]) -> Field | None:
        if fold(names[0]) in self.parameters:
            return Field(names[0])
        for size in range(min(len(names) - 1, 3), 0, -1):
            for relation in self.relations:
                inside = relation.is_called(names[:size]) and relation.find(names[size])
                if inside:
                    return _part(inside, len(names) - size - 1)
        for relation in self.relations:
            column = relation.find(names[0])
            if column and fold(column.name) not in relation.joined:
                return _part(column, len(names) - 1)
        alias = self.aliases.get(fold(names[0]))
        if alias is None and len(names) > 1 and fold(names[0]) == "alias":
            alias = self.aliases.get(fold(names[1]))
        if alias is not None:
            return _part(alias, len(names) - 1)
        for relation in self.relations:
            if relation.is_called(names[:1]) and (len(names) == 1 or relation.is_open):
                return relation.whole()
        return None

    def _find_unknown(self) -> Field | None:
        """The name may be one that DuckDB made up in an open relation."""
        opened = [one for frame in self.outward() for one in frame.relations if one.is_open]
        return Field("", NOTHING.union(*(one.sources for one in opened))) if opened else None


def renamed(fields: tuple[Field, ...], names: list[str]) -> tuple[Field, ...]:
    """Fields under the column aliases of `t(a, b)`, the first ones first."""
    return tuple(
        Field(names[i], one.sources, one.aggregate, one.plain) if i < len(names) else one
        for i, one in enumerate(fields)
    )


def has_made_up_names(fields: tuple[Field, ...]) -> bool:
    """DuckDB names what has no alias, and renames the second of two equal names."""
    names = [fold(one.name) for one in fields]
    return "" in names or len(set(names)) < len(names)


def _part(found: Field, deeper: int) -> Field:
    """The field itself, or something inside its struct."""
    return found if deeper == 0 else Field("", found.sources)


def _fields(relations: list[Relation]) -> Iterator[Field]:
    return (one for relation in relations for one in relation.fields)
