"""What a query may consist of. One rule a function; whatever no rule allows is refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from martlet.flow.query import Scope
from martlet.gate import functions, literals, refusals
from martlet.gate.outputs import parameters
from martlet.gate.tables import TableName, read_tables
from martlet.gate.tree import DEPTH_MOST, Json, Node, path_of
from martlet.gate.words import Text, fold

SIZE_MOST = 10_000
RANGE_MOST = 10_000_000
# The parts of a tree that hold names which the text itself gives.
NAMING = ("alias", "aliases", "column_name_alias", "expected_names", "unpivot_names", "key")
FORMATTERS = frozenset({"printf", "format"})
BY_NAME = frozenset({"list_aggregate", "list_aggr", "array_aggregate", "array_aggr", "aggregate"})
RANGES = frozenset({"range", "generate_series"})
COLLATION = re.compile(r"nocase|noaccent|nfc|binary|c|posix|icu_noaccent|[a-z]{2,3}(_[a-z]{2,4})?")
# Qualifiers that name a place to look for a function, never a column whose method it could be.
PLACES = frozenset(
    {"main", "system", "temp", "memory", "marts", "serving", "pg_catalog", "information_schema"}
)


@dataclass(frozen=True)
class Reading:
    """A parsed query on its way through the rules: the text and its tree, whole and flattened."""

    text: Text
    scope: Scope
    tree: Json
    nodes: tuple[Node, ...]

    @cached_property
    def tables(self) -> tuple[TableName, ...]:
        """Only after `known_shapes` has passed."""
        return tuple(read_tables(self.tree, self.scope))

    @cached_property
    def by_kind(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.kind, []).append(node)
        return found

    @cached_property
    def made_names(self) -> set[str]:
        """Every name that the text gives to a column or a table, folded."""
        given = (node.json.get(key) for node in self.nodes for key in NAMING)
        lists = (value if isinstance(value, list) else [value] for value in given)
        names = {fold(name) for names in lists for name in names if isinstance(name, str)}
        return names.union(*(parameters(node.json["lhs"]) for node in self.of("LAMBDA")))

    @property
    def marts(self) -> list[str]:
        """The marts it reads, each once, in the order of the text."""
        return list(dict.fromkeys(table.mart for table in self.tables if table.mart))

    def of(self, *kinds: str) -> Iterable[Node]:
        return (node for kind in kinds for node in self.by_kind.get(kind, ()))

    def calls(self, names: Iterable[str]) -> Iterable[Node]:
        """Function calls by these names, in expressions and in FROM."""
        wanted = frozenset(names)
        return (node for node in self.of("FUNCTION") if fold(path_of(node.json)[-1]) in wanted)


def known_shapes(reading: Reading) -> None:
    """Every node of the tree is of a kind, and has exactly the parts, that the gate knows."""
    for node in reading.nodes:
        if not node.kind:
            raise refusals.unknown_shape(node, reading.text)


def bounded_depth(reading: Reading) -> None:
    """The tree is not nested deeper than a person would write."""
    if max(node.depth for node in reading.nodes) > DEPTH_MOST:
        raise refusals.nested()


def no_parameters(reading: Reading) -> None:
    """No placeholder waits for a value."""
    for node in reading.of("STATEMENT"):
        if node.json["named_param_map"]:
            raise refusals.construct(
                "A parameter", node, reading.text, "Write the value into the query."
            )


def named_columns(reading: Reading) -> None:
    """A column is named, not counted: `#1` is only what DuckDB makes of ARRAY(SELECT ...)."""
    for node in reading.of("POSITIONAL_REFERENCE"):
        if node.start is not None or node.json["index"] != 1:
            raise refusals.unknown_shape(node, reading.text)


def described_queries(reading: Reading) -> None:
    """DESCRIBE and SUMMARIZE look at a query or a mart, never at a catalogue."""
    for node in reading.of("SHOW_REF"):
        shown = node.json["show_type"] in ("DESCRIBE", "SUMMARY")
        if not shown or node.json["query"] is None or path_of(node.json):
            raise refusals.construct(
                "Listing what is in the database",
                node,
                reading.text,
                refusals.USE_DESCRIBE,
                ("show", "describe", "desc", "summarize"),
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


def allowed_table_functions(reading: Reading) -> None:
    """In FROM only the functions that make rows out of their arguments."""
    for node in reading.of("TABLE_FUNCTION"):
        call = node.json["function"]
        path = path_of(call) if call["class"] == "FUNCTION" else ("",)
        if len(path) != 1 or fold(path[0]) not in functions.IN_FROM:
            raise refusals.table_function(fold(".".join(path)), node, reading.text)


def allowed_functions(reading: Reading) -> None:
    """Every function, aggregate, operator and window function is on the list."""
    in_from = {id(node.json["function"]) for node in reading.of("TABLE_FUNCTION")}
    for node in reading.of("FUNCTION"):
        if id(node.json) not in in_from:
            _check_function(node, functions.IN_EXPRESSIONS, reading)
    for node in reading.of("WINDOW"):
        _check_function(node, functions.IN_WINDOWS, reading)


def named_aggregates(reading: Reading) -> None:
    """list_aggregate and its kin name an allowed aggregate, as a literal."""
    for node in reading.calls(BY_NAME):
        arguments = node.json["arguments"]
        name = literals.string(arguments[1]["expression"]) if len(arguments) > 1 else None
        if name is None or fold(name) not in functions.AGGREGATES:
            raise refusals.aggregate_name(name or "", node, reading.text)


def no_session_values(reading: Reading) -> None:
    """No bare word that DuckDB takes for a function of the session (current_user, ...)."""
    for node in session_words(reading):
        name = fold(node.json["column_names"][0])
        if name not in reading.made_names and not is_column(name, reading):
            raise refusals.function(name, node, reading.text)


def built_in_types(reading: Reading) -> None:
    """Every type is built in; types that a schema defines, VARIANT and GEOMETRY are not."""
    for node in reading.of("TYPE"):
        path = path_of(node.json)
        if len(path) != 1 or fold(path[0]) not in functions.TYPES:
            raise refusals.type_name(path, node, reading.text)


def known_collations(reading: Reading) -> None:
    """COLLATE names a language or one of DuckDB's own collations."""
    for node in reading.of("COLLATE"):
        parts = fold(node.json["collation"]).split(".")
        if not all(COLLATION.fullmatch(part) for part in parts):
            raise refusals.construct(
                "This collation", node, reading.text, "Use NOCASE, NOACCENT or a language code."
            )


def listed_pivots(reading: Reading) -> None:
    """PIVOT takes its values from a list, not from a type of a schema."""
    for node in reading.of("PIVOT_COLUMN"):
        if node.json["pivot_enum"]:
            raise refusals.construct(
                "PIVOT over an enum type",
                node,
                reading.text,
                "List the values: IN ('a', 'b').",
                (node.json["pivot_enum"],),
            )


def parsed_only(reading: Reading) -> None:
    """Nothing in the tree that a planner makes and no text can say."""
    for node in reading.of("EXPRESSION_LIST", "JOIN"):
        if node.json.get("expected_types") or node.json.get("duplicate_eliminated_columns"):
            raise refusals.construct("This form", node, reading.text, refusals.PLAIN_SQL)


def free_numbers(reading: Reading) -> None:
    """A number is not glued to a word: `60_day_LTV` would be the number 60 with an odd alias."""
    for node in reading.of("CONSTANT"):
        if node.json["literal"]["kind"] not in ("INTEGER", "NUMERIC") or node.start is None:
            continue
        if word := literals.glued_word(reading.text.bytes, node.start, node.length):
            raise refusals.glued_number(word, node, reading.text, reading.scope)


def bounded_sizes(reading: Reading) -> None:
    """Arguments that say how large a result becomes are literals, and small."""
    for node in reading.calls(literals.SIZE_ARGUMENTS):
        name = fold(path_of(node.json)[-1])
        arguments = node.json["arguments"]
        place = literals.SIZE_ARGUMENTS[name]
        if place < len(arguments) and not literals.is_bounded(
            arguments[place]["expression"], SIZE_MOST
        ):
            raise refusals.size(
                f"The size in `{name}` must be a number up to {SIZE_MOST:,}.",
                node,
                reading.text,
                f"Write the number, or least(x, {SIZE_MOST}).",
            )


def bounded_widths(reading: Reading) -> None:
    """printf and format have a literal pattern without enormous widths."""
    for node in reading.calls(FORMATTERS):
        arguments = node.json["arguments"]
        if arguments and not literals.is_narrow(arguments[0]["expression"]):
            raise refusals.size(
                "The pattern must be a literal with widths below 1,000 and none taken from data.",
                node,
                reading.text,
                "Write the pattern out, e.g. format('{:.2f}', x).",
            )


def bounded_ranges(reading: Reading) -> None:
    """range and generate_series do not count to more than ten million."""
    for node in reading.calls(RANGES):
        for argument in node.json["arguments"]:
            value = literals.number(argument["expression"])
            if value is not None and abs(value) > RANGE_MOST:
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
    is_export = node.json.get("export_state", False)
    if name not in allowed or not (len(path) == 1 or is_method) or is_export:
        raise refusals.function(fold(".".join(path)), node, reading.text)


def session_words(reading: Reading) -> Iterator[Node]:
    """Bare words that are a function of the session unless they name something near them."""
    for node in reading.of("COLUMN_REF"):
        names = node.json["column_names"]
        if len(names) == 1 and fold(names[0]) in functions.SESSION_VALUES:
            yield node


def is_column(name: str, reading: Reading) -> bool:
    """Whether one of the tables read has such a column."""
    marts = (reading.scope.marts[mart] for mart in reading.marts)
    return any(fold(column) == name for mart in marts for column in mart)


Rule = Callable[[Reading], None]

# The order is the order of certainty: shapes first, so that every later rule may rely on them.
RULES: tuple[Rule, ...] = (
    known_shapes,
    bounded_depth,
    no_parameters,
    named_columns,
    described_queries,
    published_tables,
    present_tables,
    allowed_table_functions,
    allowed_functions,
    named_aggregates,
    no_session_values,
    built_in_types,
    known_collations,
    listed_pivots,
    parsed_only,
    free_numbers,
    bounded_sizes,
    bounded_widths,
    bounded_ranges,
)
