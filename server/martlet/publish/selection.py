"""What of a source is published: columns that may be seen, keys that can be measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from martlet.errors import BuildFailed, did_you_mean
from martlet.flow.catalog import Catalog, Entity, Mart, Pii
from martlet.publish.source import (
    MartSource,
    SourceColumn,
    SourceForeignKey,
    SourceKey,
    SourceMart,
)

Guard = Callable[[tuple[SourceMart, ...]], tuple[SourceMart, ...]]
PERSONAL = "personal data"  # the reason for what is marked so
_PLAIN_COLUMN = re.compile(r'^(?:"((?:[^"]|"")+)"|([^\W\d]\w*))$')


def select(source: MartSource, catalog: Catalog, guard: Guard) -> tuple[SourceMart, ...]:
    """The marts as they are published: the catalog's marks on top of the source's own.

    Columns that the catalog calls personal are withheld (its `hidden` only leaves a column out of
    what a reader is shown). Keys and foreign keys are those that the source or the catalog's
    entities declare, as far as all their columns are published. `guard` has the last word on what
    is published, and as what.
    Raises: BuildFailed `build.source` when a mark fits no column, or nothing of a mart is left.
    """
    marked = [_marked(mart, catalog.marts.get(mart.name)) for mart in source.marts]
    _refuse_twins(marked)
    named = {mart.name: mart for mart in guard(tuple(marked))}
    return tuple(_with_keys(mart, named, catalog) for mart in named.values())


def mark(mart: SourceMart, said: Mapping[str, Pii], origin: str) -> SourceMart:
    """The mart with what is said of its columns: personal, a pseudonym, or no personal data.

    Raises: as `withhold`.
    """
    personal = {name: PERSONAL for name, pii in said.items() if pii}
    withheld = withhold(mart, personal, origin)  # also finds names that are no column
    folded = {name.casefold(): pii for name, pii in said.items()}
    pairs = zip(mart.columns, withheld.columns, strict=True)
    return replace(
        mart,
        columns=tuple(
            _said(before, after, folded.get(before.name.casefold())) for before, after in pairs
        ),
    )


def _said(before: SourceColumn, after: SourceColumn, pii: Pii) -> SourceColumn:
    if pii == "pseudonym":
        return replace(before, how="pseudonym" if before.how == "copy" else before.how)
    return replace(after, reviewed=before.reviewed or pii is False)


def withhold(mart: SourceMart, reasons: dict[str, str], origin: str) -> SourceMart:
    """The mart with columns withheld for the given reasons; names are case-insensitive.

    Raises: BuildFailed `build.source` for a name that is no column: a mark that misses its column
    would publish what it was to keep back.
    """
    known = {column.name.casefold() for column in mart.columns}
    for name in reasons:
        if name.casefold() not in known:
            raise BuildFailed(
                "build.source",
                f"{origin} keeps back `{mart.name}.{name}`, but the mart has no such column.",
                next_step=did_you_mean(name, [column.name for column in mart.columns])
                or "Correct the name, or remove the mark.",
            )
    folded = {name.casefold(): reason for name, reason in reasons.items()}
    return replace(mart, columns=tuple(_withheld(column, folded) for column in mart.columns))


def _withheld(column: SourceColumn, reasons: dict[str, str]) -> SourceColumn:
    reason = column.withheld or reasons.get(column.name.casefold(), "")
    return replace(column, withheld=reason)


def _marked(mart: SourceMart, meant: Mart | None) -> SourceMart:
    columns = meant.columns if meant else ()
    marked = mark(mart, {column.name: column.pii for column in columns}, "The catalog")
    if not marked.published():
        raise BuildFailed(
            "build.source",
            f"No column of `{mart.name}` may be published.",
            next_step="Take the mart out of the selection, or review what is withheld.",
        )
    return marked


def _refuse_twins(marts: Iterable[SourceMart]) -> None:
    """DuckDB's names have no case, so two marts that differ only in it are one."""
    seen: dict[str, SourceMart] = {}
    for mart in marts:
        twin = seen.setdefault(mart.name.casefold(), mart)
        if twin is not mart:
            raise BuildFailed(
                "build.source",
                f"Two marts are called `{mart.name}`: {twin.schema}.{twin.relation} and "
                f"{mart.schema}.{mart.relation}.",
                next_step="Give one of them another alias.",
            )


def _with_keys(mart: SourceMart, named: dict[str, SourceMart], catalog: Catalog) -> SourceMart:
    foreign = [*mart.foreign_keys, *_entity_foreign_keys(mart, catalog)]
    settled = [_settled_foreign(mart, item, named) for item in foreign]
    first = {(item.columns, item.to_mart): item for item in reversed(settled) if item}
    return replace(
        mart,
        keys=_merged(mart, [*mart.keys, *_entity_keys(mart, catalog)]),
        foreign_keys=tuple(reversed(first.values())),
    )


def _merged(mart: SourceMart, declared: Sequence[SourceKey]) -> tuple[SourceKey, ...]:
    """One key for the same columns: the first gives the origin, the strictest the meaning."""
    found: dict[frozenset[str], SourceKey] = {}
    for key in declared:
        columns = _settled(mart, key.columns)
        if not columns:
            continue
        first = found.setdefault(frozenset(columns), replace(key, columns=columns))
        found[frozenset(columns)] = replace(first, nullable=first.nullable and key.nullable)
    return tuple(found.values())


def _entity_keys(mart: SourceMart, catalog: Catalog) -> list[SourceKey]:
    return [
        SourceKey((column,), nullable=entity.type == "unique", origin="catalog")
        for entity, column in _keyed_entities(catalog.marts.get(mart.name))
    ]


def _entity_foreign_keys(mart: SourceMart, catalog: Catalog) -> list[SourceForeignKey]:
    """A foreign entity points to every mart that has the entity of that name as its key."""
    meant = catalog.marts.get(mart.name)
    targets = [
        (entity.name, other.name, column)
        for other in catalog.marts.values()
        for entity, column in _keyed_entities(other)
    ]
    return [
        SourceForeignKey((column,), to_mart, (to_column,), origin="catalog")
        for entity in (meant.entities if meant else ())
        if entity.type == "foreign" and (column := plain_column(entity.expr))
        for name, to_mart, to_column in targets
        if name == entity.name and to_mart != mart.name
    ]


def _keyed_entities(mart: Mart | None) -> list[tuple[Entity, str]]:
    return [
        (entity, column)
        for entity in (mart.entities if mart else ())
        if entity.type in ("primary", "unique") and (column := plain_column(entity.expr))
    ]


def plain_column(expr: str) -> str:
    """The column that an expression names and nothing more, or an empty string."""
    match = _PLAIN_COLUMN.match(expr.strip())
    return (match[1] or "").replace('""', '"') or match[2] or "" if match else ""


def _settled(mart: SourceMart, columns: Sequence[str]) -> tuple[str, ...]:
    """The columns as the database spells them; empty when one is not published."""
    spelled = {name.casefold(): name for name in mart.published()}
    if not all(name.casefold() in spelled for name in columns):
        return ()
    return tuple(spelled[name.casefold()] for name in columns)


def _settled_foreign(
    mart: SourceMart, item: SourceForeignKey, named: dict[str, SourceMart]
) -> SourceForeignKey | None:
    target = named.get(item.to_mart)
    columns = _settled(mart, item.columns)
    to_columns = _settled(target, item.to_columns) if target else ()
    if not columns or not to_columns or target is None:
        return None
    pairs = zip(columns, to_columns, strict=True)
    if any(mart.is_pseudonym(child) != target.is_pseudonym(parent) for child, parent in pairs):
        return None
    return replace(item, columns=columns, to_columns=to_columns)
