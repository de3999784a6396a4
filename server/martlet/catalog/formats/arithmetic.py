"""Arithmetic over aggregates, as metrics of other catalogs are written: read, and written safely.

Only what is understood is read: numbers, names, aggregates, `+ - * /`, NULLIF, COALESCE and CAST.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from martlet.flow.catalog import Aggregation

AGGREGATES: dict[str, Aggregation] = {
    "SUM": "sum",
    "COUNT": "count",
    "AVG": "average",
    "MIN": "min",
    "MAX": "max",
    "MEDIAN": "median",
    "PERCENTILE_CONT": "percentile",
    "PERCENTILE_DISC": "percentile",
}
DEEPEST = 40


class NotUnderstood(Exception):
    """The expression holds something that this format's arithmetic has not."""


@dataclass(frozen=True)
class Number:
    text: str


@dataclass(frozen=True)
class Name:
    """A metric or an alias."""

    name: str


@dataclass(frozen=True)
class Aggregate:
    """An aggregate over rows; `inner` is SQL."""

    agg: Aggregation
    inner: str
    percentile: float | None = None
    is_discrete: bool = False


@dataclass(frozen=True)
class Operation:
    operator: str
    left: Tree
    right: Tree


@dataclass(frozen=True)
class Filled:
    """COALESCE with a number."""

    inner: Tree
    value: str


Tree = Number | Name | Aggregate | Operation | Filled

_TOKEN = re.compile(
    r"""\s*(?:(?P<string>'(?:[^']|'')*')|(?P<name>(?:"(?:[^"]|"")*"|[A-Za-z_]\w*)
    (?:\.(?:"(?:[^"]|"")*"|[A-Za-z_]\w*))*)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[-+*/()]|\S))""",
    re.VERBOSE,
)


def read(text: str) -> Tree:
    """The expression as a tree.

    Raises: NotUnderstood, with the part that was not.
    """
    reader = _Reader(text)
    tree = reader.sum(0)
    if reader.peek():
        raise NotUnderstood(reader.peek())
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [match for match in _TOKEN.finditer(text) if match[0].strip()]
        self._at = 0

    def peek(self) -> str:
        return self._tokens[self._at][0].strip() if self._at < len(self._tokens) else ""

    def take(self, wanted: str = "") -> str:
        found = self.peek()
        if wanted and found.upper() != wanted:
            raise NotUnderstood(found or "the end")
        self._at += 1
        return found

    def sum(self, depth: int) -> Tree:
        if depth > DEEPEST:
            raise NotUnderstood("its nesting")
        tree = self.product(depth)
        while self.peek() in ("+", "-"):
            tree = Operation(self.take(), tree, self.product(depth))
        return tree

    def product(self, depth: int) -> Tree:
        tree = self.factor(depth)
        while self.peek() in ("*", "/"):
            tree = Operation(self.take(), tree, self.factor(depth))
        return tree

    def factor(self, depth: int) -> Tree:
        token = self.peek()
        if token == "-":
            self.take()
            return Operation("-", Number("0"), self.factor(depth + 1))
        if token == "(":
            self.take()
            tree = self.sum(depth + 1)
            self.take(")")
            return tree
        if re.fullmatch(r"\d+(\.\d+)?", token):
            return Number(self.take())
        if not re.match(r'["A-Za-z_]', token):
            raise NotUnderstood(token or "the end")
        self.take()
        return self._call(token.upper(), depth) if self.peek() == "(" else Name(token)

    def _call(self, function: str, depth: int) -> Tree:
        if function in AGGREGATES:
            return self._aggregate(function)
        self.take("(")
        inner = self.sum(depth + 1)
        match function:
            case "NULLIF":
                self.take(",")
                if self.take() != "0":
                    raise NotUnderstood("NULLIF")
            case "COALESCE":
                self.take(",")
                inner = Filled(inner, str(Decimal(self._number())))
            case "CAST":
                self.take("AS")
                self._type()
            case _:
                raise NotUnderstood(function)
        self.take(")")
        return inner

    def _number(self) -> str:
        token = self.take()
        if not re.fullmatch(r"\d+(\.\d+)?", token):
            raise NotUnderstood(token)
        return token

    def _type(self) -> None:
        if self.take().upper() not in ("DOUBLE", "FLOAT", "REAL", "DECIMAL", "NUMERIC"):
            raise NotUnderstood("CAST")
        while self.peek() and self.peek() != ")":
            if self.take() == "(":
                while self.take() != ")":
                    pass

    def _aggregate(self, function: str) -> Aggregate:
        inner = self._inside()
        agg, given, is_discrete = AGGREGATES[function], None, function.endswith("DISC")
        distinct = re.match(r"\s*DISTINCT\b", inner, re.IGNORECASE)
        if distinct and agg in ("count", "min", "max"):
            agg = "count_distinct" if agg == "count" else agg
            inner = inner[distinct.end() :]
        elif distinct:
            raise NotUnderstood(f"{function}(DISTINCT …)")
        if agg == "percentile":
            given = _fraction(inner)
            self.take("WITHIN")
            self.take("GROUP")
            ordered = re.fullmatch(
                r"\s*ORDER\s+BY\s+(.+?)(?:\s+ASC)?\s*", self._inside(), re.IGNORECASE | re.DOTALL
            )
            if ordered is None or re.search(r"\bDESC\b", ordered[1], re.IGNORECASE):
                raise NotUnderstood("WITHIN GROUP")
            inner = ordered[1]
        if self.peek().upper() in ("FILTER", "OVER", "WITHIN"):
            raise NotUnderstood(self.peek())
        return Aggregate(agg, inner.strip(), given, is_discrete)

    def _inside(self) -> str:
        """The SQL between the parentheses that open here."""
        self.take("(")
        begin = self._tokens[self._at - 1].end()
        depth = 1
        while depth:
            if not self.peek():
                raise NotUnderstood("the end")
            depth += {"(": 1, ")": -1}.get(self.take(), 0)
        inner = self._text[begin : self._tokens[self._at - 1].start()]
        if _AGGREGATE_CALL.search(inner):
            raise NotUnderstood("an aggregate inside another")
        return inner


_AGGREGATE_CALL = re.compile(rf"\b(?:{'|'.join(AGGREGATES)})\s*\(", re.IGNORECASE)


def _fraction(text: str) -> float:
    found = re.fullmatch(r"\s*(0?\.\d+|[01](?:\.0*)?)\s*", text)
    if found is None:
        raise NotUnderstood("the percentile")
    return float(found[1])
