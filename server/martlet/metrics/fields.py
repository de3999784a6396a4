"""Which published column a name means when values are looked up."""

from __future__ import annotations

import re

from martlet.errors import UnknownName, nearest
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog, Mart
from martlet.flow.query import ColumnRef
from martlet.metrics.graph import fields_of, primary_entity


def find_column(name: str, catalog: Catalog, build: BuildState | None) -> ColumnRef:
    """The column: `mart.column`, a dimension with or without its entity, or a column's own name.

    Raises: UnknownName `name.unknown`, `name.ambiguous`.
    """
    *owner, field = [part for part in re.split(r"__|\.", name.strip().strip('"')) if part] or [""]
    known = _columns(catalog, build)
    marts = [mart for mart in catalog.marts.values() if mart.name in known]
    if owner:
        marts = [mart for mart in marts if owner[-1].lower() in _titles(mart)]
    found = {ref for mart in marts if (ref := _in_mart(field, mart, known[mart.name]))}
    if not found and owner and owner[-1] in known and field in known[owner[-1]]:
        found = {ColumnRef(owner[-1], field)}
    if len(found) == 1:
        return found.pop()
    if found:
        choices = ", ".join(f"`{ref.mart}.{ref.column}`" for ref in sorted(found))
        raise UnknownName(
            "name.ambiguous",
            f"`{name}` is a column of more than one mart.",
            next_step=f"Choose one: {choices}.",
        )
    raise _unknown(name, known)


def _columns(catalog: Catalog, build: BuildState | None) -> dict[str, set[str]]:
    if build is not None:
        return {name: set(state.columns) for name, state in build.marts.items()}
    return {
        mart.name: {column.name for column in mart.columns}
        | {item.expr for item in fields_of(mart) if item.expr.isidentifier()}
        for mart in catalog.marts.values()
    }


def _titles(mart: Mart) -> set[str]:
    return {mart.name.lower(), mart.semantic_name.lower(), primary_entity(mart).lower()} - {""}


def _in_mart(field: str, mart: Mart, columns: set[str]) -> ColumnRef | None:
    meant = next(
        (item.expr for item in fields_of(mart) if item.name.lower() == field.lower()),
        field,
    )
    by_lower = {column.lower(): column for column in columns}
    column = by_lower.get(meant.strip('"').lower()) or by_lower.get(field.lower())
    return ColumnRef(mart.name, column) if column else None


def _unknown(name: str, known: dict[str, set[str]]) -> UnknownName:
    names = [f"{mart}.{column}" for mart, columns in known.items() for column in columns]
    close = nearest(name, names)
    hint = f"Did you mean {' or '.join(f'`{item}`' for item in close)}? " if close else ""
    return UnknownName(
        "name.unknown",
        f"`{name}` is not a published column.",
        next_step=f"{hint}Write mart.column; `describe` lists the columns of a mart.",
    )
