"""Checks that keys are keys and that references resolve, as the build measured them."""

from __future__ import annotations

from collections.abc import Iterator

from martlet.catalog.checks.view import Check, View, column_path
from martlet.errors import Problem, did_you_mean
from martlet.flow.build import MartState
from martlet.flow.catalog import Catalog, Entity, Mart

# The distinct count of a profile is approximate; this much below the row count is no key.
SURELY_REPEATED = 0.9


def keys_are_unique(view: View) -> Iterator[Problem]:
    """A primary or unique entity has one row per value and no nulls."""
    for mart, state in view.marts():
        for entity in mart.entities:
            column = entity.column
            if entity.type in ("primary", "unique") and column in state.columns:
                yield from _unique(view, mart, state, entity)


def _unique(view: View, mart: Mart, state: MartState, entity: Entity) -> Iterator[Problem]:
    path = column_path(mart, entity.column)
    key = next((item for item in state.keys if item.columns == (entity.column,)), None)
    profile = state.columns[entity.column]
    told = f"`{mart.name}.{entity.column}` is the {entity.type} key of `{entity.name}`, but"
    if key is not None:
        repeated, nulls = key.rows - key.nulls - key.distinct, key.nulls
    else:
        sure = profile.distinct < SURELY_REPEATED * (state.row_count - profile.nulls)
        repeated, nulls = (state.row_count - profile.distinct if sure else 0), profile.nulls
    if nulls and entity.type == "primary":
        yield view.problem(path, f"{told} {nulls} rows have no value.", _REPAIR)
    if repeated > 0:
        yield view.problem(path, f"{told} {repeated} rows repeat a value.", _REPAIR)
    if key is None and state.proof == "none":
        yield view.warning(path, f"{told} the build did not measure it.")


_REPAIR = "Repair the mart, or make the entity `foreign`: joins through it repeat rows."


def foreign_keys_resolve(view: View) -> Iterator[Problem]:
    """A foreign entity leads to a mart that has it as its key, of one type, without loose ends."""
    for mart, state in view.marts():
        for entity in mart.entities:
            if entity.type != "foreign" or entity.column not in state.columns:
                continue
            owners = list(_owners(view.catalog, entity.name))
            if not owners and not _is_shared(view.catalog, entity.name):
                yield _leads_nowhere(view, mart, entity)
            for owner, key in owners:
                yield from _resolves(view, mart, entity, owner, key)


def _owners(catalog: Catalog, name: str) -> Iterator[tuple[Mart, Entity]]:
    for mart in catalog.marts.values():
        for entity in mart.entities:
            if entity.name == name and entity.type != "foreign":
                yield mart, entity


def _is_shared(catalog: Catalog, name: str) -> bool:
    """Whether several marts have the entity, so that their metrics can be grouped by it."""
    return sum(any(item.name == name for item in m.entities) for m in catalog.marts.values()) > 1


def _leads_nowhere(view: View, mart: Mart, entity: Entity) -> Problem:
    names = {
        item.name
        for other in view.catalog.marts.values()
        for item in other.entities
        if item.type != "foreign"
    }
    message = f"No mart has `{entity.name}` as its key, so nothing can be joined through it."
    return view.warning(column_path(mart, entity.column), message, did_you_mean(entity.name, names))


def _resolves(
    view: View, mart: Mart, entity: Entity, owner: Mart, key: Entity
) -> Iterator[Problem]:
    path = column_path(mart, entity.column)
    here, there = view.build.marts[mart.name], view.build.marts.get(owner.name)
    if there is None or key.column not in there.columns:
        return
    types = here.columns[entity.column].type, there.columns[key.column].type
    if types[0] != types[1]:
        message = (
            f"`{mart.name}.{entity.column}` is {types[0]}, `{owner.name}.{key.column}` {types[1]}."
        )
        yield view.problem(path, message, "Give both one type in dbt.")
    for measured in here.foreign_keys:
        this_way = measured.columns == (entity.column,) and measured.to_mart == owner.name
        if this_way and measured.unresolved:
            source = f"{mart.name}.{entity.column}"
            message = f"{measured.unresolved} of `{source}` are not found in `{owner.name}`."
            yield view.problem(path, message, "Add the missing rows, or set such keys to null.")


KEY_CHECKS: tuple[Check, ...] = (keys_are_unique, foreign_keys_resolve)
