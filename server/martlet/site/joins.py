"""Which marts join to which, by which key, and what the build measured of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Entity, Mart

Proof = str  # of a target's key: "proven" | "broken" | "not measured"


@dataclass(frozen=True)
class Join:
    """A join that never repeats a row of `mart`, if the key of `to` is one.

    `unresolved` counts rows whose value `to` does not have; None when nobody counted.
    """

    entity: str
    mart: str
    column: str
    to: str
    to_column: str
    kind: str  # "many to one" | "one to one" | "many to one at a time"
    proof: Proof
    unresolved: int | None


def joins_of(catalog: Catalog, state: BuildState) -> tuple[Join, ...]:
    """Every join that the entities allow, by mart; one to one is told once."""
    owners: dict[str, list[tuple[Mart, Entity]]] = defaultdict(list)
    marts = [mart for name, mart in catalog.marts.items() if name in state.marts]
    for mart in marts:
        for entity in mart.entities:
            if entity.type != "foreign":
                owners[entity.name].append((mart, entity))
    return tuple(
        _join(state, mart, entity, *owner)
        for mart in marts
        for entity in mart.entities
        for owner in owners[entity.name]
        if _is_told_here(mart, entity, *owner)
    )


def _is_told_here(mart: Mart, entity: Entity, other: Mart, key: Entity) -> bool:
    """Two single keys join both ways; what is valid for a time is never the side that looks up."""
    if other.name == mart.name or entity.type == "natural":
        return False
    return entity.type == "foreign" or key.type == "natural" or mart.name < other.name


def _join(state: BuildState, mart: Mart, entity: Entity, other: Mart, key: Entity) -> Join:
    single = entity.type != "foreign"
    return Join(
        entity.name,
        mart.name,
        entity.expr,
        other.name,
        key.expr,
        _kind(key, single=single),
        _proof(state, other, key),
        _unresolved(state, mart, entity, other),
    )


def _kind(key: Entity, *, single: bool) -> str:
    if key.type == "natural":
        return "many to one at a time"
    return "one to one" if single else "many to one"


def _proof(state: BuildState, mart: Mart, key: Entity) -> Proof:
    measured = state.marts[mart.name].keys
    columns = (key.column,) if key.type != "natural" else None
    for item in measured:
        if item.columns == columns or (columns is None and key.column in item.columns):
            return "proven" if item.rows - item.nulls == item.distinct else "broken"
    return "not measured"


def _unresolved(state: BuildState, mart: Mart, entity: Entity, other: Mart) -> int | None:
    keys = state.marts[mart.name].foreign_keys
    this_way = (k for k in keys if k.to_mart == other.name and k.columns == (entity.column,))
    return next((key.unresolved for key in this_way), None)
