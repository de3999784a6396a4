"""Which mart columns a query reads, and which of them each output column is made of.

A walk over DuckDB's own tree. Where a form cannot be followed (a struct spread into columns, a
COLUMNS(...) chosen by a lambda) the answer is "not known", never a guess. On the way, a column
that certainly does not exist is refused with the nearest that does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from martlet.flow.query import ColumnRef, Output
from martlet.gate import refusals
from martlet.gate.functions import SESSION_VALUES
from martlet.gate.outputs import (
    aggregate_of,
    by_name,
    by_place,
    find_star,
    key_name,
    parameters,
)
from martlet.gate.relations import NOTHING, Field, Frame, Relation, Sources, has_made_up_names
from martlet.gate.relations import renamed as with_names
from martlet.gate.rules import Reading, is_column, session_words
from martlet.gate.tables import RECURRING, find_mart
from martlet.gate.tree import Json, Node, path_of
from martlet.gate.words import fold

Ctes = Mapping[str, Relation]

MOST_FIELDS = 20_000

DESCRIBED = ("column_name", "column_type", "null", "key", "default", "extra")
SUMMARIZED = (
    *("column_name", "column_type", "min", "max", "approx_unique", "avg", "std"),
    *("q25", "q50", "q75", "count", "null_percentage"),
)


@dataclass(frozen=True)
class Lineage:
    """`columns` read anywhere; `outputs` position by position, empty when not `known`."""

    columns: tuple[ColumnRef, ...]
    outputs: tuple[Output, ...]
    known: bool


class NotFollowed(Exception):
    """The query has a form whose columns only DuckDB's binder can tell."""


def read_lineage(reading: Reading) -> Lineage:
    """The lineage of a query that has passed the rules. Raises: UnknownName."""
    walk = _Walk(reading)
    try:
        fields = walk.query(reading.tree["node"], None, {})
    except NotFollowed:
        for node in session_words(reading):
            name = fold(node.json["column_names"][0])
            if not is_column(name, reading):
                raise refusals.function(name, node, reading.text) from None
        return Lineage(_all_columns(reading), (), known=False)
    outputs = tuple(
        Output(one.name, tuple(sorted(one.sources)), one.aggregate, one.plain) for one in fields
    )
    return Lineage(tuple(sorted(walk.read)), outputs, known=True)


def _all_columns(reading: Reading) -> tuple[ColumnRef, ...]:
    marts = {table.mart for table in reading.tables if table.mart}
    return tuple(
        ColumnRef(mart, column) for mart in sorted(marts) for column in reading.scope.marts[mart]
    )


class _Walk:
    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.read: set[ColumnRef] = set()
        self.having: Frame | None = None

    # queries

    def query(self, node: Json, parent: Frame | None, ctes: Ctes) -> tuple[Field, ...]:
        """The output fields of a query node; everything it reads is noted."""
        ctes = self._with(node, parent, ctes)
        if node["type"] == "SELECT_NODE":
            return self._select(node, parent, ctes)
        if node["type"] == "RECURSIVE_CTE_NODE":
            return self._recursive(node, parent, ctes)
        branches = [node[side] for side in ("left", "right") if node[side]] + node["children"]
        sides = [self.query(branch, parent, ctes) for branch in branches]
        fields = by_name(sides) if node["setop_type"] == "UNION_BY_NAME" else by_place(sides)
        frame = Frame(parent, [Relation("", fields, has_made_up_names(fields))])
        for side in sides[1:]:
            frame.aliases.update({fold(one.name): one for one in side if one.name})
        self._values(node["modifiers"], frame, ctes)
        return fields

    def _with(self, node: Json, parent: Frame | None, ctes: Ctes) -> Ctes:
        known = dict(ctes)
        for entry in node["cte_map"]["map"]:
            fields = with_names(
                self.query(entry["value"]["query_node"], parent, known), entry["value"]["aliases"]
            )
            self._values(entry["value"]["key_targets"], _over(fields), known)
            self._values(entry["value"]["payload_aggregates"], _over(fields), known)
            known[fold(entry["key"])] = Relation(entry["key"], fields, has_made_up_names(fields))
        return known

    def _recursive(self, node: Json, parent: Frame | None, ctes: Ctes) -> tuple[Field, ...]:
        first = with_names(self.query(node["left"], parent, ctes), node["aliases"])
        name = fold(node["cte_name"])
        itself = Relation(node["cte_name"], first, has_made_up_names(first))
        inner = {**ctes, name: itself, f"{RECURRING}.{name}": itself}
        return by_place([first, self.query(node["right"], parent, inner)])

    def _select(self, node: Json, parent: Frame | None, ctes: Ctes) -> tuple[Field, ...]:
        frame = Frame(parent)
        frame.relations = self._table(node["from_table"], frame, ctes)
        fields: list[Field] = []
        for item in node["select_list"]:
            made = self._item(item, frame, ctes)
            fields += made
            if item["alias"] and len(made) == 1:
                frame.aliases.setdefault(fold(item["alias"]), made[0])
        for part in ("where_clause", "group_expressions", "having", "qualify"):
            self.having = frame if part == "having" else None
            self._values(node[part], frame, ctes)
        self._values(node["modifiers"], frame, ctes)
        return tuple(fields)

    # what stands in FROM

    def _table(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        reader = getattr(self, f"_from_{node['type'].lower()}")
        found = reader(node, frame, ctes)
        assert isinstance(found, list)
        return found

    def _from_empty(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        return []

    def _from_base_table(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        path, names = path_of(node), node["column_name_alias"]
        known = ctes.get(".".join(fold(part) for part in path))
        if known is not None and (len(path) == 1 or fold(path[0]) == RECURRING):
            fields = with_names(known.fields, names)
            return [Relation(node["alias"] or path[-1], fields, known.is_open)]
        mart = find_mart(path, self.reading.scope)
        assert mart is not None, "the rules let only marts through"
        fields = tuple(
            Field(column, frozenset({ColumnRef(mart, column)}), plain=True)
            for column in self.reading.scope.marts[mart]
        )
        own_path = () if node["alias"] else ("marts", fold(mart))
        return [Relation(node["alias"] or mart, with_names(fields, names), path=own_path)]

    def _from_subquery(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        fields = self.query(node["subquery"]["node"], frame, ctes)
        fields = with_names(fields, node["column_name_alias"])
        return [Relation(node["alias"], fields, has_made_up_names(fields))]

    def _from_join(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        left = self._table(node["left"], frame, ctes)
        beside = Frame(frame.parent, [*frame.relations, *left], parameters=frame.parameters)
        right = self._table(node["right"], beside, ctes)
        both = Frame(beside.parent, [*beside.relations, *right])
        self._values([node["condition"], node["ranking_expression"]], both, ctes)
        shared = [fold(name) for name in node["using_columns"]]
        if node["ref_type"] == "NATURAL":
            shared = sorted(_names(left) & _names(right))
        for name in shared:
            self._read_joined(name, both)
        if node["join_type"] in ("SEMI", "ANTI"):
            return left
        return [*left, *(_joined(one, shared, left, node["join_type"]) for one in right)]

    def _read_joined(self, name: str, both: Frame) -> None:
        for relation in both.relations:
            column = relation.find(name)
            self.read |= column.sources if column else NOTHING

    def _from_table_function(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        call = node["function"]
        sources = self._values(call["arguments"], frame, ctes)
        name = node["alias"] or path_of(call)[-1]
        fields = [Field(name, sources)]
        if node["with_ordinality"] == "WITH_ORDINALITY":
            fields.append(Field("ordinality"))
        named = with_names(tuple(fields), node["column_name_alias"])
        is_open = fold(path_of(call)[-1]) in ("unnest", "json_each")
        return [Relation(name, named, is_open)]

    def _from_expression_list(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        rows = [[self._value(cell, frame, ctes) for cell in row] for row in node["values"]]
        fields = tuple(
            Field(f"col{place}", NOTHING.union(*column))
            for place, column in enumerate(zip(*rows, strict=False))
        )
        return [Relation(node["alias"], with_names(fields, node["expected_names"]))]

    def _from_show_ref(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        is_summary = node["show_type"] == "SUMMARY"
        before = set(self.read)
        fields = self.query(node["query"], frame, ctes)
        self.read |= NOTHING.union(*(one.sources for one in fields))
        if not is_summary:
            self.read = before  # DESCRIBE reads no row
        names = SUMMARIZED if is_summary else DESCRIBED
        return [Relation(node["alias"], tuple(Field(name) for name in names))]

    def _from_pivot(self, node: Json, frame: Frame, ctes: Ctes) -> list[Relation]:
        inner = Frame(frame, self._table(node["source"], frame, ctes))
        used = set(self.read)
        self.read = set()
        made = self._unpivoted(node, inner, ctes) if node["unpivot_names"] else None
        made = made or self._pivoted(node, inner, ctes)
        shown = [one for relation in inner.relations for one in relation.shown]
        wanted = [fold(name) for name in node["groups"]]
        kept = [
            one
            for one in shown
            if (fold(one.name) in wanted if wanted else not one.sources & self.read)
        ]
        self.read |= used.union(*(one.sources for one in kept))
        fields = with_names((*kept, *made), node["column_name_alias"])
        return [Relation(node["alias"], fields, is_open=True)]

    def _unpivoted(self, node: Json, inner: Frame, ctes: Ctes) -> list[Field]:
        names = [name for column in node["pivots"] for name in column["unpivot_names"]]
        sources = self._values(node["pivots"], inner, ctes)
        values = [Field(name, sources) for name in node["unpivot_names"]]
        return [*(Field(name) for name in names), *values]

    def _pivoted(self, node: Json, inner: Frame, ctes: Ctes) -> list[Field]:
        columns = 1
        for column in node["pivots"]:
            self._values(column["pivot_expressions"], inner, ctes)
            columns *= max(len(column["entries"]), 1)
        aggregates = [self._item(one, inner, ctes)[0] for one in node["aggregates"]]
        return [Field("", one.sources, one.aggregate) for _ in range(columns) for one in aggregates]

    # what stands in SELECT and in expressions

    def _item(self, item: Json, frame: Frame, ctes: Ctes) -> list[Field]:
        """The output columns that one item of a SELECT list makes."""
        if item["class"] == "STAR":
            return self._star(item, frame, ctes)
        spread = find_star(item)
        if spread is not None:
            if not spread["columns"]:
                raise NotFollowed  # `* LIKE 'a%'`: chosen by name
            self._value(item, frame, ctes)
            aggregate = aggregate_of(item)
            return [
                Field(one.name, one.sources, aggregate) for one in self._star(spread, frame, ctes)
            ]
        if item["class"] == "COLUMN_REF":
            found = self._column(item, frame)
            name = item["alias"] or item["column_names"][-1]
            return [Field(name, found.sources, found.aggregate, found.plain)]
        if (
            item["class"] == "FUNCTION"
            and fold(path_of(item)[-1]) == "unnest"
            and not item["alias"]
        ):
            self._value(item, frame, ctes)
            raise NotFollowed  # a struct would become several columns
        return [Field(item["alias"], self._value(item, frame, ctes), aggregate_of(item))]

    def _star(self, star: Json, frame: Frame, ctes: Ctes) -> list[Field]:
        if star["expr"] is not None:
            self._value(star["expr"], frame, ctes)
            raise NotFollowed
        relations = frame.relations
        if star["relation_name"]:
            relations = [one for one in relations if one.is_called([star["relation_name"]])]
        if not relations or any(one.is_open and not one.fields for one in relations):
            raise NotFollowed  # a struct spread into columns, or nothing known
        without = {fold(name) for name in star["exclude_list"]}
        without |= {fold(one["column"]) for one in star["qualified_exclude_list"]}
        names = {fold(key_name(one["key"])): one["value"] for one in star["rename_list"]}
        instead = {fold(key_name(one["key"])): one["value"] for one in star["replace_list"]}
        fields = []
        single = bool(star["relation_name"])
        for one in (field for relation in relations for field in _shown(relation, single)):
            if fold(one.name) in without:
                continue
            if fold(one.name) in instead:
                sources = self._value(instead[fold(one.name)], frame, ctes)
                one = Field(one.name, sources)
            else:
                self.read |= one.sources
            name = names.get(fold(one.name), one.name)
            fields.append(Field(name, one.sources, one.aggregate, one.plain))
            if len(fields) > MOST_FIELDS:
                raise NotFollowed  # stars over stars double at each step; DuckDB will refuse it
        return fields

    def _values(self, json: Any, frame: Frame, ctes: Ctes) -> Sources:
        """The sources of every expression in a list or a part of the tree."""
        if isinstance(json, list):
            return NOTHING.union(*(self._values(one, frame, ctes) for one in json))
        if not isinstance(json, dict):
            return NOTHING
        if "class" in json:
            return self._value(json, frame, ctes)
        return NOTHING.union(*(self._values(one, frame, ctes) for one in json.values()))

    def _value(self, json: Json, frame: Frame, ctes: Ctes) -> Sources:
        kind = json["class"]
        if kind == "COLUMN_REF":
            return self._column(json, frame).sources
        if kind == "SUBQUERY":
            fields = self.query(json["subquery"]["node"], frame, ctes)
            inside = NOTHING.union(*(one.sources for one in fields))
            return inside | self._values(json["child"], frame, ctes)
        if kind == "LAMBDA" and json["syntax_type"] == "LAMBDA_KEYWORD":
            inner = Frame(frame, parameters=parameters(json["lhs"]))
            return self._value(json["expr"], inner, ctes)
        if kind == "LAMBDA" and _is_unknown(json["lhs"], frame):
            raise refusals.arrow_lambda(Node(kind, json, 0), self.reading.text)
        if kind == "POSITIONAL_REFERENCE":  # of ARRAY(SELECT ...): all that is selected there
            return NOTHING.union(*(one.sources for one in frame.relations))
        if kind == "STAR":
            return NOTHING.union(*(one.sources for one in self._star(json, frame, ctes)))
        sources = NOTHING
        if kind == "FUNCTION" and len(path_of(json)) > 1:  # column.function(): the column is read
            sources = self._column(
                {**json, "column_names": list(path_of(json)[:-1])}, frame
            ).sources
        return sources.union(*(self._values(one, frame, ctes) for one in json.values()))

    def _column(self, json: Json, frame: Frame) -> Field:
        names = json["column_names"]
        if len(names) == 1 and fold(names[0]) in SESSION_VALUES:
            self._check_session_word(json, frame)
        found = frame.find(names)
        if found is not None:
            self.read |= found.sources
            return found
        node = Node("COLUMN_REF", json, 0)
        marts, text = self.reading.marts, self.reading.text
        raise refusals.unknown_column(names, frame.known_names(), marts, node, text)

    def _check_session_word(self, json: Json, frame: Frame) -> None:
        """DuckDB takes such a word for a function before it looks in the queries around, and
        before the aliases in HAVING."""
        name = fold(json["column_names"][0])
        is_alias = name in frame.aliases and frame is not self.having
        if not frame.has_here(name) and not is_alias:
            raise refusals.function(name, Node("COLUMN_REF", json, 0), self.reading.text)


def _is_unknown(left: Json, frame: Frame) -> bool:
    """Whether what stands before `->` is a name, or a row of names, that nothing here has."""
    is_row = left["class"] == "FUNCTION" and path_of(left) == ("row",)
    names = [one["expression"] for one in left["arguments"]] if is_row else [left]
    columns = [name.get("column_names") for name in names]
    return bool(columns) and all(column and not frame.find(column) for column in columns)


def _over(fields: tuple[Field, ...]) -> Frame:
    return Frame(None, [Relation("", fields, is_open=True)])


def _names(relations: list[Relation]) -> set[str]:
    return {fold(one.name) for relation in relations for one in relation.fields}


def _shown(relation: Relation, single: bool) -> list[Field]:
    """`t.*` gives a USING column also of the right side; `*` gives it once."""
    return list(relation.fields if single else relation.shown)


def _joined(one: Relation, shared: list[str], left: list[Relation], join_type: str) -> Relation:
    """The right side of USING: its shared columns are shown on the left already."""
    hidden = frozenset(name for name in shared if one.find(name))
    return Relation(one.alias, one.fields, one.is_open, one.path, one.joined | hidden)
