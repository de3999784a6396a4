"""DuckDB's syntax tree as JSON, walked whole against the list of shapes that may occur."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

DEPTH_MOST = 400
_PLACE = "query_location query_location_length"
_EXPRESSION = f"class type alias {_PLACE}"
_TABLE = f"type alias sample {_PLACE}"
_QUERY = "type modifiers cte_map"


@dataclass(frozen=True)
class Shape:
    """A node that may occur: its keys, all of them and no others, and the `type`s it may have."""

    keys: frozenset[str]
    types: frozenset[str]


def _shape(keys: str, types: str = "") -> Shape:
    return Shape(frozenset(keys.split()), frozenset(types.split()))


COMPARISONS = (
    "COMPARE_EQUAL COMPARE_NOTEQUAL COMPARE_LESSTHAN COMPARE_GREATERTHAN COMPARE_LESSTHANOREQUALTO "
    "COMPARE_GREATERTHANOREQUALTO COMPARE_DISTINCT_FROM COMPARE_NOT_DISTINCT_FROM"
)
OPERATORS = (
    "OPERATOR_NOT OPERATOR_IS_NULL OPERATOR_IS_NOT_NULL OPERATOR_UNPACK OPERATOR_NULLIF "
    "OPERATOR_COALESCE OPERATOR_TRY COMPARE_IN COMPARE_NOT_IN ARRAY_EXTRACT ARRAY_SLICE "
    "ARRAY_CONSTRUCTOR STRUCT_EXTRACT GROUPING_FUNCTION"
)
WINDOWS = (
    "WINDOW_AGGREGATE WINDOW_RANK WINDOW_RANK_DENSE WINDOW_NTILE WINDOW_PERCENT_RANK "
    "WINDOW_CUME_DIST WINDOW_ROW_NUMBER WINDOW_FIRST_VALUE WINDOW_LAST_VALUE WINDOW_LEAD "
    "WINDOW_LAG WINDOW_NTH_VALUE WINDOW_FILL"
)

# Expressions are told by their class, queries and table references by their type. Parameters,
# DEFAULT and every writing node are missing, and so refused.
EXPRESSIONS: dict[str, Shape] = {
    "BETWEEN": _shape(f"{_EXPRESSION} input lower upper", "COMPARE_BETWEEN"),
    "CASE": _shape(f"{_EXPRESSION} case_checks else_expr", "CASE_EXPR"),
    "CAST": _shape(f"{_EXPRESSION} child type_expr try_cast", "OPERATOR_CAST"),
    "COLLATE": _shape(f"{_EXPRESSION} child collation", "COLLATE"),
    "COLUMN_REF": _shape(f"{_EXPRESSION} column_names", "COLUMN_REF"),
    "COMPARISON": _shape(f"{_EXPRESSION} left right", COMPARISONS),
    "CONJUNCTION": _shape(f"{_EXPRESSION} children", "CONJUNCTION_AND CONJUNCTION_OR"),
    "CONSTANT": _shape(f"{_EXPRESSION} literal", "VALUE_CONSTANT"),
    "FUNCTION": _shape(
        f"{_EXPRESSION} function_name schema catalog qualified_name arguments filter order_bys "
        "distinct is_operator export_state",
        "FUNCTION",
    ),
    "LAMBDA": _shape(f"{_EXPRESSION} lhs expr syntax_type", "LAMBDA"),
    "OPERATOR": _shape(f"{_EXPRESSION} children", OPERATORS),
    "POSITIONAL_REFERENCE": _shape(f"{_EXPRESSION} index", "POSITIONAL_REFERENCE"),
    "STAR": _shape(
        f"{_EXPRESSION} relation_name exclude_list replace_list columns expr "
        "qualified_exclude_list rename_list",
        "STAR",
    ),
    "SUBQUERY": _shape(
        f"{_EXPRESSION} subquery_type subquery child comparison_type",
        "SUBQUERY",
    ),
    "TYPE": _shape(f"{_EXPRESSION} catalog schema type_name children qualified_name", "TYPE"),
    "WINDOW": _shape(
        f"{_EXPRESSION} function_name schema catalog qualified_name arguments partitions orders "
        "start end start_expr end_expr offset_expr default_expr ignore_nulls has_ignore_nulls "
        "filter_expr exclude_clause distinct arg_orders",
        WINDOWS,
    ),
}
QUERIES: dict[str, Shape] = {
    "SELECT_NODE": _shape(
        f"{_QUERY} select_list from_table where_clause group_expressions group_sets "
        "aggregate_handling having sample qualify"
    ),
    "SET_OPERATION_NODE": _shape(f"{_QUERY} setop_type setop_all left right children"),
    "RECURSIVE_CTE_NODE": _shape(f"{_QUERY} cte_name union_all left right aliases key_targets"),
}
TABLES: dict[str, Shape] = {
    "BASE_TABLE": _shape(
        f"{_TABLE} schema_name table_name catalog_name qualified_name column_name_alias at_clause"
    ),
    "EMPTY": _shape(_TABLE),
    "EXPRESSION_LIST": _shape(f"{_TABLE} expected_names expected_types values"),
    "JOIN": _shape(
        f"{_TABLE} left right condition join_type ref_type using_columns delim_flipped "
        "duplicate_eliminated_columns is_implicit ranking_expression nearest_count "
        "nearest_order_type nearest_approx"
    ),
    "PIVOT": _shape(
        f"{_TABLE} source aggregates unpivot_names pivots groups column_name_alias include_nulls"
    ),
    "SHOW_REF": _shape(
        f"{_TABLE} table_name query show_type catalog_name schema_name qualified_name"
    ),
    "SUBQUERY": _shape(f"{_TABLE} subquery column_name_alias"),
    "TABLE_FUNCTION": _shape(f"{_TABLE} function column_name_alias with_ordinality"),
}
MODIFIERS: dict[str, Shape] = {
    "DISTINCT_MODIFIER": _shape("type distinct_on_targets"),
    "LIMIT_MODIFIER": _shape("type limit offset limit_type"),
    "ORDER_MODIFIER": _shape("type orders"),
    "ORDER_DEFAULT": _shape("type null_order expression"),
    "ASCENDING": _shape("type null_order expression"),
    "DESCENDING": _shape("type null_order expression"),
}
# The small parts that have neither: told by their keys.
PARTS: dict[frozenset[str], str] = {
    frozenset(keys.split()): name
    for keys, name in (
        ("named_param_map node", "STATEMENT"),
        ("map", "MAP"),
        ("key value", "ENTRY"),
        ("path", "PATH"),
        ("kind text", "LITERAL"),
        ("expression name", "ARGUMENT"),
        ("then_expr when_expr", "CASE_CHECK"),
        ("catalog column schema table", "QUALIFIED_COLUMN"),
        ("aliases key_targets materialized payload_aggregates query_node", "CTE"),
        ("entries pivot_enum pivot_expressions unpivot_names", "PIVOT_COLUMN"),
        ("alias star_expr values", "PIVOT_ENTRY"),
        ("expr unit", "AT"),
        ("is_percentage method repeatable sample_rate sample_size seed", "SAMPLE"),
        ("is_null type value", "SAMPLE_SIZE"),
        ("id type_info", "SAMPLE_TYPE"),
    )
}


@dataclass(frozen=True)
class Node:
    """One dict of the tree. `kind` is the class of an expression, else the type or part name."""

    kind: str
    json: Json
    depth: int

    @property
    def start(self) -> int | None:
        place = self.json.get("query_location")
        return place if isinstance(place, int) and place < 2**63 else None

    @property
    def length(self) -> int:
        length = self.json.get("query_location_length", 0)
        return length if isinstance(length, int) else 0


def walk(tree: Json) -> Iterator[Node]:
    """Every dict of the tree, outer ones first, in the order of the text as far as there is one."""
    stack: list[tuple[Any, int]] = [(tree, 0)]
    while stack:
        value, depth = stack.pop()
        if isinstance(value, dict):
            yield Node(kind_of(value), value, depth)
            stack.extend((child, depth + 1) for child in reversed(list(value.values())))
        elif isinstance(value, list):
            stack.extend((child, depth) for child in reversed(value))


def kind_of(json: Json) -> str:
    """The name under which a shape is listed, or "" for a dict of no known shape."""
    if "class" in json:
        return _listed(EXPRESSIONS, json, str(json["class"]), check_type=True)
    kind = json.get("type")
    if isinstance(kind, str):
        for shapes in (QUERIES, TABLES, MODIFIERS):
            if kind in shapes:
                return _listed(shapes, json, kind, check_type=False)
        return ""
    return PARTS.get(frozenset(json), "")


def path_of(json: Json) -> tuple[str, ...]:
    """The parts of a qualified name."""
    return tuple(json["qualified_name"]["path"])


def _listed(shapes: dict[str, Shape], json: Json, name: str, *, check_type: bool) -> str:
    shape = shapes.get(name)
    if shape is None or json.keys() != shape.keys:
        return ""
    if check_type and json["type"] not in shape.types:
        return ""
    return name
