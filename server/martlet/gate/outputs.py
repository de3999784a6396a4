"""What single expressions and whole sides of a set operation make: aggregates, stars, merges."""

from __future__ import annotations

from typing import Any

from martlet.gate.functions import AGGREGATES
from martlet.gate.relations import NOTHING, Field
from martlet.gate.tree import Json, path_of
from martlet.gate.words import fold

SAME_AGGREGATE = {"mean": "avg", "count_star": "count", "arbitrary": "any_value"}
KEEPS_AGGREGATE = frozenset({"round", "abs", "coalesce", "ifnull"})


def find_star(json: Any) -> Json | None:
    """A COLUMNS(...) inside an expression, which spreads the whole expression; not `*COLUMNS`."""
    if isinstance(json, list):
        return next((found for one in json if (found := find_star(one)) is not None), None)
    if not isinstance(json, dict) or json.get("class") == "SUBQUERY":
        return None
    if json.get("class") == "STAR":
        return json
    if json.get("type") == "OPERATOR_UNPACK":
        return None
    return find_star(list(json.values()))


def aggregate_of(item: Json) -> str:
    """The aggregate that made a value, also through a cast or a rounding."""
    if item["class"] == "CAST":
        return aggregate_of(item["child"])
    if item["class"] == "OPERATOR" and item["type"] == "OPERATOR_COALESCE":
        return aggregate_of(item["children"][0])
    if item["class"] != "FUNCTION":
        return ""
    name = fold(path_of(item)[-1])
    if name in KEEPS_AGGREGATE and item["arguments"]:
        return aggregate_of(item["arguments"][0]["expression"])
    if name not in AGGREGATES:
        return ""
    name = SAME_AGGREGATE.get(name, name)
    return f"{name}_distinct" if item["distinct"] else name


def parameters(json: Json) -> frozenset[str]:
    """The names before the colon of a lambda; none where a value stands before an arrow."""
    if json["class"] == "COLUMN_REF":
        return frozenset({fold(json["column_names"][0])})
    given = json["arguments"] if json["class"] == "FUNCTION" else []
    return frozenset().union(*(parameters(one["expression"]) for one in given))


def key_name(key: Any) -> str:
    return str(key["column"] if isinstance(key, dict) else key)


def by_place(sides: list[tuple[Field, ...]]) -> tuple[Field, ...]:
    """The columns of a set operation, which takes the names of its first side."""
    columns = zip(*sides, strict=False)
    return tuple(_merged(column) for column in columns)


def by_name(sides: list[tuple[Field, ...]]) -> tuple[Field, ...]:
    columns: dict[str, list[Field]] = {}
    for side in sides:
        for one in side:
            columns.setdefault(fold(one.name), []).append(one)
    return tuple(_merged(tuple(column)) for column in columns.values())


def _merged(column: tuple[Field, ...]) -> Field:
    aggregates = {one.aggregate for one in column}
    return Field(
        column[0].name,
        NOTHING.union(*(one.sources for one in column)),
        aggregates.pop() if len(aggregates) == 1 else "",
        all(one.plain for one in column),
    )
