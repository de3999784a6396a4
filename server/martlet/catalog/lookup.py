"""Which published column a caller means by a field name."""

from __future__ import annotations

from martlet.errors import UnknownName, did_you_mean
from martlet.flow.catalog import Catalog, Mart
from martlet.flow.query import ColumnRef


def find_field(name: str, catalog: Catalog) -> ColumnRef:
    """The column behind `mart.column`, `column`, `dimension` or `entity__dimension`.

    Raises: UnknownName `name.unknown`, or `name.ambiguous` with the choices.
    """
    places = _places(catalog)
    found = sorted(set(places.get(name.strip().lower().removeprefix("marts."), ())))
    if len(found) == 1:
        return found[0]
    if not found:
        raise UnknownName(
            "name.unknown",
            f"There is no field `{name}`.",
            where=f"field: {name}",
            next_step=did_you_mean(name, places) or "`search` finds fields by meaning.",
        )
    choices = ", ".join(f"`{ref.mart}.{ref.column}`" for ref in found)
    raise UnknownName(
        "name.ambiguous",
        f"`{name}` is a field of {len(found)} marts.",
        where=f"field: {name}",
        next_step=f"Choose one of {choices}.",
    )


def _places(catalog: Catalog) -> dict[str, list[ColumnRef]]:
    """Every spelling, lower case, and the columns it may mean."""
    places: dict[str, list[ColumnRef]] = {}
    for mart in catalog.marts.values():
        for column in mart.columns:
            if not column.hidden:
                ref = ColumnRef(mart.name, column.name)
                for spelling in (column.name, f"{mart.name}.{column.name}"):
                    places.setdefault(spelling.lower(), []).append(ref)
        for spelling, column_name in _dimension_spellings(mart):
            places.setdefault(spelling.lower(), []).append(ColumnRef(mart.name, column_name))
    return places


def _dimension_spellings(mart: Mart) -> list[tuple[str, str]]:
    """Dimension names that stand for one stored column."""
    entity = mart.primary_entity or next(
        (item.name for item in mart.entities if item.type == "primary"), ""
    )
    found = []
    for dimension in mart.dimensions:
        column = mart.column(dimension.expr.strip('"'))
        if column is None or column.hidden:
            continue
        found.append((dimension.name, column.name))
        if entity:
            found.append((f"{entity}__{dimension.name}", column.name))
    return found
