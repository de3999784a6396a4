"""What a query may consist of. One rule a function; whatever no rule allows is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property

from martlet.errors import RefusedSql
from martlet.flow.query import Scope
from martlet.gate import functions, refusals
from martlet.gate.tables import TableName, read_tables
from martlet.gate.tree import DEPTH_MOST, Json, Node, path_of
from martlet.gate.words import Text, fold


@dataclass(frozen=True)
class Reading:
    """A parsed query on its way through the rules: the text, its tree flattened, its tables."""

    text: Text
    scope: Scope
    tree: Json
    nodes: tuple[Node, ...]

    @cached_property
    def tables(self) -> tuple[TableName, ...]:
        """Only after `known_shapes` has passed."""
        return tuple(read_tables(self.tree, self.scope))

    def of(self, *kinds: str) -> Iterable[Node]:
        return (node for node in self.nodes if node.kind in kinds)


SIZE_MOST = 10_000
RANGE_MOST = 10_000_000
# Functions whose result is as large as an argument says -> which argument (from 0).
SIZE_ARGUMENTS = {
    "repeat": 1,
    "lpad": 1,
    "rpad": 1,
    "bar": 3,
    "list_resize": 1,
    "array_resize": 1,
    "bitstring": 1,
    "to_binary": 1,
}
FORMATTERS = frozenset({"printf", "format"})
WIDE = re.compile(r"\d{4,}")
RANGES = frozenset({"range", "generate_series"})
COLLATION = re.compile(
    r"(nocase|noaccent|nfc|binary|c|posix|icu_noaccent|[a-z]{2,3}(_[a-z]{2,4})?)"
)
# Qualifiers that could only mean a place to look for a function, never a column.
PLACES = frozenset(
    {"main", "system", "temp", "memory", "marts", "serving", "pg_catalog", "information_schema"}
)
# DuckDB 2.0 reads 0x1F as 0 named x1F, too; but nobody means a column by it.
RADIX = re.compile(rb"0[xXbBoO][0-9a-fA-F]")
GLUED = re.compile(rb"[A-Za-z_$\"\x80-\xff]")
TYPES = frozenset(
    """
    bigint bignum binary bit bitstring blob bool boolean bpchar bytea char date datetime dec decimal
    double enum float float4 float8 guid hugeint int int1 int128 int16 int2 int32 int4 int64 int8
    integer integral interval json list array logical long map null numeric nvarchar oid real row
    short signed smallint string struct text time time_ns timestamp timestamp_ms timestamp_ns
    timestamp_s timestamp_us timestamptz timestamptz_ns timetz tinyint tuple ubigint uhugeint
    uint128 uint16 uint32 uint64 uint8 uinteger union usmallint utinyint uuid varbinary varchar
    varint
    """.split()
) | {"timestamp with time zone", "time with time zone"}


def known_shapes(reading: Reading) -> None:
    """Every node of the tree is of a kind, and has exactly the parts, that the gate knows."""
    for node in reading.nodes:
        if not node.kind:
            what = _name_of(node.json)
            raise refusals.construct(what, node, reading.text, _instead_of(node.json))


def bounded_depth(reading: Reading) -> None:
    """The tree is not nested deeper than a person would write."""
    deepest = max(reading.nodes, key=lambda node: node.depth)
    if deepest.depth > DEPTH_MOST:
        raise refusals.size(
            "The SQL is nested too deeply.", deepest, reading.text, "Split it with CTEs."
        )


def no_parameters(reading: Reading) -> None:
    """No placeholder waits for a value."""
    for node in reading.of("STATEMENT"):
        if node.json["named_param_map"]:
            raise refusals.construct(
                "A parameter", node, reading.text, "Write the value into the query."
            )


def published_tables(reading: Reading) -> None:
    """Every table is a published mart, as `t`, `marts.t` or `serving.marts.t`, or a CTE here."""
    for table in reading.tables:
        if table.mart is None:
            node = Node("BASE_TABLE", table.json, 0)
            raise refusals.unknown_mart(table.path, node, reading.text, reading.scope)


def present_tables(reading: Reading) -> None:
    """Tables are read as they are now: no AT (VERSION | TIMESTAMP)."""
    for node in reading.of("BASE_TABLE"):
        if node.json["at_clause"] is not None:
            raise refusals.construct(
                "AT (time travel)", node, reading.text, "Leave it out; a build has one state."
            )


def described_queries(reading: Reading) -> None:
    """DESCRIBE and SUMMARIZE look at a query or a mart, never at a catalogue."""
    for node in reading.of("SHOW_REF"):
        shown = node.json["show_type"] in ("DESCRIBE", "SUMMARY")
        if not shown or node.json["query"] is None or path_of(node.json):
            raise refusals.construct(
                "Listing what is in the database",
                node,
                reading.text,
                "Use the `describe` tool: it lists marts and columns.",
            )


def allowed_functions(reading: Reading) -> None:
    """Every function, aggregate, operator and window function is on the list."""
    in_from = {id(node.json["function"]) for node in reading.of("TABLE_FUNCTION")}
    for node in reading.of("FUNCTION"):
        if id(node.json) not in in_from:
            _check_function(node, functions.IN_EXPRESSIONS, reading)
    for node in reading.of("WINDOW"):
        _check_function(node, functions.IN_WINDOWS, reading)


def allowed_table_functions(reading: Reading) -> None:
    """In FROM only the functions that make rows out of their arguments."""
    for node in reading.of("TABLE_FUNCTION"):
        call = Node("FUNCTION", node.json["function"], 0)
        path = path_of(call.json) if call.json.get("class") == "FUNCTION" else ("",)
        if len(path) != 1 or fold(path[0]) not in functions.IN_FROM:
            raise refusals.function(fold(".".join(path)), call, reading.text)


def no_session_values(reading: Reading) -> None:
    """No bare word that DuckDB takes for a function of the session (current_user, ...)."""
    for node in reading.of("COLUMN_REF"):
        name = fold(node.json["column_names"][-1])
        if name in functions.SESSION_VALUES and not _is_column(name, reading):
            raise refusals.function(name, node, reading.text)


def built_in_types(reading: Reading) -> None:
    """Every type is built in; types that a schema defines, VARIANT and GEOMETRY are not."""
    for node in reading.of("TYPE"):
        path = path_of(node.json)
        if len(path) != 1 or fold(path[0]) not in TYPES:
            raise RefusedSql(
                "sql.type",
                f"The type `{'.'.join(path)[:60]}` is not allowed.",
                where=reading.text.where(node.start, node.length),
                next_step="Use a built-in type such as VARCHAR, DECIMAL(18,2), DATE or STRUCT(...).",
            )


def known_collations(reading: Reading) -> None:
    """COLLATE names a language or one of DuckDB's own collations."""
    for node in reading.of("COLLATE"):
        parts = fold(node.json["collation"]).split(".")
        if not all(COLLATION.fullmatch(part) for part in parts):
            raise refusals.construct(
                "This collation", node, reading.text, "Use NOCASE, NOACCENT or a language code."
            )


def no_pivot_enums(reading: Reading) -> None:
    """PIVOT takes its values from a list, not from a type of a schema."""
    for node in reading.of("PIVOT_COLUMN"):
        if node.json["pivot_enum"]:
            raise refusals.construct(
                "PIVOT over an enum type", node, reading.text, "List the values: IN ('a', 'b')."
            )


def plain_samples(reading: Reading) -> None:
    """VALUES carry no types of their own, and joins nothing that only a planner makes."""
    for node in reading.of("EXPRESSION_LIST", "JOIN"):
        hidden = node.json.get("expected_types") or node.json.get("duplicate_eliminated_columns")
        if hidden:
            raise refusals.construct("This form", node, reading.text, "Write it as plain SQL.")


def no_glued_numbers(reading: Reading) -> None:
    """A number is not glued to a word: `60_day_LTV` would be the number 60 with an odd alias."""
    for node in reading.of("CONSTANT"):
        if node.json["literal"]["kind"] not in ("INTEGER", "NUMERIC") or node.start is None:
            continue
        end = node.start + node.length
        if GLUED.match(reading.text.bytes[end : end + 1]) and not RADIX.match(
            reading.text.bytes[node.start : node.start + 3]
        ):
            raise _glued(node, end, reading)


def bounded_sizes(reading: Reading) -> None:
    """Arguments that say how large a result becomes are literals, and small."""
    for node in reading.of("FUNCTION"):
        place = SIZE_ARGUMENTS.get(fold(path_of(node.json)[-1]))
        arguments = node.json["arguments"]
        if place is None or place >= len(arguments):
            continue
        if not _is_bounded(arguments[place]["expression"], SIZE_MOST):
            raise refusals.size(
                f"The size in `{path_of(node.json)[-1]}` must be a number up to {SIZE_MOST:,}.",
                node,
                reading.text,
                f"Write a literal, or least(x, {SIZE_MOST}).",
            )


def bounded_widths(reading: Reading) -> None:
    """printf and format have a literal pattern without enormous widths."""
    for node in reading.of("FUNCTION"):
        if fold(path_of(node.json)[-1]) not in FORMATTERS or not node.json["arguments"]:
            continue
        pattern = node.json["arguments"][0]["expression"]
        literal = pattern["literal"] if pattern["class"] == "CONSTANT" else None
        if literal is None or literal["kind"] != "STRING" or _is_wide(literal["text"]):
            raise refusals.size(
                "The pattern must be a literal with widths below 1,000 and none taken from data.",
                node,
                reading.text,
                "Write the pattern out, e.g. format('{:.2f}', x).",
            )


def bounded_ranges(reading: Reading) -> None:
    """range and generate_series do not count to more than ten million."""
    for node in reading.of("FUNCTION"):
        if fold(path_of(node.json)[-1]) not in RANGES:
            continue
        for argument in node.json["arguments"]:
            number = _number(argument["expression"])
            if number is not None and abs(number) > RANGE_MOST:
                raise refusals.size(
                    f"A range may reach {RANGE_MOST:,} at most.",
                    node,
                    reading.text,
                    "Use a smaller range.",
                )


def _check_function(node: Node, allowed: frozenset[str], reading: Reading) -> None:
    path = path_of(node.json)
    name = path[-1] if path[-1] in allowed else fold(path[-1])
    is_method = len(path) == 2 and fold(path[0]) not in PLACES
    if name not in allowed or not (len(path) == 1 or is_method) or node.json.get("export_state"):
        raise refusals.function(fold(".".join(path)), node, reading.text)


def _is_column(name: str, reading: Reading) -> bool:
    """Whether one of the tables read has such a column."""
    marts = (reading.scope.marts[table.mart] for table in reading.tables if table.mart)
    return any(fold(column) == name for mart in marts for column in mart)


def _number(expression: Json) -> float | None:
    """The value of a numeric literal, with its sign; None for anything else."""
    if expression["class"] == "CONSTANT":
        literal = expression["literal"]
        if literal["kind"] in ("INTEGER", "NUMERIC"):
            return float(literal["text"].replace("_", ""))
        return float(int(literal["text"], 16)) if literal["kind"] == "HEX" else None
    is_minus = expression["class"] == "FUNCTION" and path_of(expression) == ("-",)
    if is_minus and len(expression["arguments"]) == 1:
        inner = _number(expression["arguments"][0]["expression"])
        return None if inner is None else -inner
    return None


def _is_bounded(expression: Json, most: int) -> bool:
    """A literal up to `most`, or least(...) with one such argument."""
    number = _number(expression)
    if number is not None:
        return number <= most
    if expression["class"] == "FUNCTION" and fold(path_of(expression)[-1]) == "least":
        return any(_is_bounded(item["expression"], most) for item in expression["arguments"])
    return False


def _is_wide(pattern: str) -> bool:
    return (
        bool(WIDE.search(pattern)) or "*" in pattern or re.search(r"\{[^}]*\{", pattern) is not None
    )


def _glued(node: Node, end: int, reading: Reading) -> RefusedSql:
    tail = re.match(rb"[\w$]+", reading.text.bytes[end:])
    word = reading.text.bytes[node.start : end + (len(tail.group()) if tail else 1)].decode(
        "utf-8", "replace"
    )
    columns = {fold(name): name for mart in reading.scope.marts.values() for name in mart}
    exact = columns.get(fold(word))
    digits, rest = re.match(r"(\d*)_?(.*)", word).groups()  # type: ignore[union-attr]
    twins = [
        name for key, name in columns.items() if digits in key and _same_parts(key, digits, rest)
    ]
    safe = next((name for name in twins if not name[0].isdigit()), None)
    advice = [f"Use `{safe}`." if safe else "", f'Or quote it: "{exact}".' if exact else ""]
    text = " ".join(part for part in advice if part)
    return RefusedSql(
        "sql.construct",
        f"`{word[:60]}` reads as a number followed by a name, not as a column.",
        where=reading.text.where(node.start, len(word.encode())),
        next_step=text or "Put a space or AS between them, or quote the name.",
    )


def _same_parts(name: str, digits: str, rest: str) -> bool:
    return sorted(name.split("_")) == sorted([digits, *fold(rest).split("_")])


def _name_of(json: Json) -> str:
    kind = str(json.get("class") or json.get("type") or "")
    return NAMES.get(kind, "This construct")


def _instead_of(json: Json) -> str:
    kind = str(json.get("class") or json.get("type") or "")
    return INSTEAD.get(kind, "Write it in plainer SQL: SELECT, joins, CTEs, windows, PIVOT.")


NAMES = {
    "POSITIONAL_REFERENCE": "A positional reference (#1)",
    "PARAMETER": "A parameter",
    "DEFAULT": "DEFAULT",
    "INSERT_QUERY_NODE": "INSERT",
    "UPDATE_QUERY_NODE": "UPDATE",
    "DELETE_QUERY_NODE": "DELETE",
    "MERGE_QUERY_NODE": "MERGE",
    "COPY_QUERY_NODE": "COPY",
}
INSTEAD = {
    "POSITIONAL_REFERENCE": "Write the column's name.",
    "PARAMETER": "Write the value into the query.",
    **dict.fromkeys(
        (
            "INSERT_QUERY_NODE",
            "UPDATE_QUERY_NODE",
            "DELETE_QUERY_NODE",
            "MERGE_QUERY_NODE",
            "COPY_QUERY_NODE",
        ),
        refusals.READ_ONLY,
    ),
}

Rule = Callable[[Reading], None]

# The order is the order of certainty: shapes first, so that every later rule may rely on them.
RULES: tuple[Rule, ...] = (
    known_shapes,
    bounded_depth,
    no_parameters,
    described_queries,
    published_tables,
    present_tables,
    allowed_table_functions,
    allowed_functions,
    no_session_values,
    built_in_types,
    known_collations,
    no_pivot_enums,
    plain_samples,
    no_glued_numbers,
    bounded_sizes,
    bounded_widths,
    bounded_ranges,
)
