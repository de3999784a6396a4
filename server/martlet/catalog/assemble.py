"""From read fields to the catalog's marts, dimensions and entities."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from martlet.catalog.fields import NAME, Fields
from martlet.catalog.words import quoted
from martlet.errors import Problem
from martlet.flow.catalog import AiContext, Column, Dimension, Entity, Freshness, Mart


def make_mart(fields: Fields, problems: list[Problem]) -> Mart:
    """A mart without its metrics."""
    columns = unique(fields.objects("columns"), f"column of `{fields.text('name')}`", problems)
    enabled = fields.object("semantic_model").values.get("enabled", True)
    dimensions: list[Dimension] = []
    entities: list[Entity] = []
    if enabled:
        derived = fields.object("derived_semantics")
        computed = [item for item in derived.objects("dimensions") if item.has("name", "expr")]
        dimensions += _column_dimensions(columns, problems)
        dimensions += [_derived_dimension(item, problems) for item in computed]
        keys = [item for item in derived.objects("entities") if item.has("name", "expr", "type")]
        entities += _column_entities(columns, problems)
        entities += [Entity(**item.only("name", "expr", *_ENTITY)) for item in keys]
    elif fields.objects("metrics"):
        message = "The mart has metrics, but its semantic model is not enabled."
        problems.append(fields.problem("semantic_model", message))
    name = fields.text("name")
    return Mart(
        **fields.only(
            "name", "label", "description", "grain", "owner", "status", "replaced_by",
            "prefer", "primary_entity", "agg_time_dimension",
        ),
        semantic_name=(fields.object("semantic_model").text("name") or name) if enabled else "",
        columns=tuple(_column(item) for item in columns),
        dimensions=tuple(dimensions),
        entities=tuple(entities),
        data_freshness=Freshness(**fields.object("data_freshness").values),
        ai_context=ai_context(fields),
    )  # fmt: skip


def ai_context(fields: Fields) -> AiContext:
    return AiContext(**fields.object("ai_context").values)


def unique(
    items: Iterable[Fields], what: str, problems: list[Problem], *, key: str = "name"
) -> tuple[Fields, ...]:
    """The named items, the first of each name; names differ by more than case."""
    kept: dict[str, Fields] = {}
    for item in items:
        name = item.text(key)
        if not name:
            continue
        first = kept.setdefault(name.lower(), item)
        if first is not item:
            message = f"There are two of this name: {what} `{name}`."
            place = f"{first.file}:{first.at(key)}"
            problems.append(item.problem(key, message, f"The first is at {place}."))
    return tuple(kept.values())


def _column(fields: Fields) -> Column:
    return Column(
        **fields.only(
            "name", "label", "description", "unit", "unit_column", "additivity", "format",
            "null_label", "null_meaning", "pii", "hidden", "is_enum", "sample_values",
        ),
        type=fields.text("datatype"),
        ai_context=ai_context(fields),
    )  # fmt: skip


def _column_dimensions(columns: Iterable[Fields], problems: list[Problem]) -> Iterator[Dimension]:
    for column in columns:
        if "dimension" not in column.values:
            continue
        inner = column.object("dimension")
        granularity = column.text("granularity")
        kind = inner.values.get("type") or ("time" if granularity else "categorical")
        name = inner.text("name") or column.text("name")
        _check_time(column, name, kind, granularity, problems)
        if not NAME.fullmatch(name):
            problems.append(_bad_name(column, "dimension", name))
            continue
        yield Dimension(
            **{**column.only("label", "description", "null_label"), **inner.only(*_DIMENSION)},
            name=name,
            type=kind,
            expr=quoted(column.text("name")),
            granularity=granularity,
            validity=_validity(inner, problems),
            ai_context=ai_context(column),
        )


def _derived_dimension(fields: Fields, problems: list[Problem]) -> Dimension:
    kind: Any = fields.text("type") or "categorical"
    _check_time(fields, fields.text("name"), kind, fields.text("granularity"), problems)
    return Dimension(
        **fields.only("null_label", *_DIMENSION),
        name=fields.text("name"),
        type=kind,
        expr=fields.text("expr"),
        granularity=fields.text("granularity"),
        validity=_validity(fields, problems),
        ai_context=ai_context(fields),
    )


def _column_entities(columns: Iterable[Fields], problems: list[Problem]) -> Iterator[Entity]:
    for column in columns:
        if "entity" not in column.values:
            continue
        inner = column.object("entity")
        name = inner.text("name") or column.text("name")
        if "type" not in inner.values:
            if "type" not in inner.lines:
                problems.append(column.problem("entity", f"The entity `{name}` needs a `type`."))
        elif not NAME.fullmatch(name):
            problems.append(_bad_name(column, "entity", name))
        else:
            described = {**column.only("label", "description"), **inner.only(*_ENTITY)}
            yield Entity(**described, name=name, expr=quoted(column.text("name")))


def _bad_name(column: Fields, what: str, name: str) -> Problem:
    message = f"`{name}` cannot be the name of {'an' if what == 'entity' else 'a'} {what}."
    hint = f"Give it one: `{what}: {{name: ...}}`, lower case, single underscores."
    return column.problem(what, message, hint)


def _check_time(
    fields: Fields, name: str, kind: str, granularity: str, problems: list[Problem]
) -> None:
    if kind == "time" and not granularity and "granularity" not in fields.lines:
        message = f"The time dimension `{name}` needs a `granularity` beside its name."
        problems.append(fields.problem("dimension", message, "For a date, write `day`."))
    if kind != "time" and granularity:
        message = f"`{name}` has a granularity but is not a time dimension."
        problems.append(fields.problem("granularity", message, "Write `type: time`."))


def _validity(fields: Fields, problems: list[Problem]) -> Literal["", "start", "end"]:
    params = fields.object("validity_params").values
    start, end = params.get("is_start", False), params.get("is_end", False)
    if start and end:
        message = "A column is the start or the end of a validity range, not both."
        problems.append(fields.problem("validity_params", message))
    return "start" if start else "end" if end else ""


_DIMENSION = ("label", "description", "is_partition")
_ENTITY = ("type", "label", "description")
