"""SQL expressions of the catalog: parsed once, qualified, and safe to divide."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from martlet.errors import RequestError
from martlet.metrics.sql import RESERVED

_SAFE = (exp.Div, exp.IntDiv, exp.Mod)
_SAFE_BY_NAME = frozenset({"divide", "fdiv", "fmod"})


class Expressions:
    """Parses each expression of a catalog once and renders it over any alias."""

    def __init__(self) -> None:
        self._trees: dict[str, exp.Expr] = {}
        self._rendered: dict[tuple[str, str, str], str] = {}

    def row(self, text: str, mart: str, alias: str) -> str:
        """An expression over a mart's columns, with every column under `alias`."""
        key = (text, mart, alias)
        if key not in self._rendered:
            holder = exp.Paren(this=self._tree(text, mart).copy())
            for column in list(holder.find_all(exp.Column)):
                column.replace(_qualified(column, mart, alias))
            self._rendered[key] = render(holder.this)
        return self._rendered[key]

    def names(self, text: str, owner: str) -> tuple[str, ...]:
        """The names an expression uses, in order of appearance."""
        columns = self._tree(text, owner).find_all(exp.Column)
        return tuple(dict.fromkeys(column.name for column in columns))

    def formula(self, text: str, owner: str, values: Mapping[str, str]) -> str:
        """A derived metric's expression with SQL in place of its input names.

        Raises: RequestError `metric.unsupported` for a name that is no input.
        """
        return substitute(self._tree(text, owner), lambda column: _input(column, owner, values))

    def is_linear(self, text: str, owner: str) -> bool:
        """Whether the expression only adds, subtracts and scales, so that groups still add up."""
        return _is_linear(self._tree(text, owner))

    def _tree(self, text: str, owner: str) -> exp.Expr:
        if text not in self._trees:
            tree = parse(text)
            if tree is None:
                raise RequestError(
                    "metric.unsupported",
                    f"The expression `{text[:200]}` of `{owner}` cannot be read.",
                    next_step="Its author must correct it; other metrics are not affected.",
                )
            self._trees[text] = safe_division(tree)
        return self._trees[text]


def parse(text: str) -> exp.Expr | None:
    """An expression as a tree, None when it cannot be read."""
    try:
        return sqlglot.parse_one(text, read="duckdb")
    except (SqlglotError, RecursionError):
        return None


def render(tree: exp.Expr) -> str:
    """DuckDB SQL of a tree, without its comments."""
    return tree.sql(dialect="duckdb", normalize_functions="lower", comments=False)


def fragment(sql: str) -> exp.Expr:
    """SQL that is already rendered, as a leaf of a tree."""
    return exp.Var(this=sql)


def substitute(tree: exp.Expr, value: Callable[[exp.Column], str]) -> str:
    """The tree with rendered SQL in place of each column."""
    copy = tree.copy()
    if isinstance(copy, exp.Column):
        return value(copy)
    for column in list(copy.find_all(exp.Column)):
        column.replace(fragment(value(column)))
    return render(copy)


def safe_division(tree: exp.Expr) -> exp.Expr:
    """The tree with every divisor made null where it is zero."""
    for node in list(tree.find_all(*_SAFE)):
        node.set("expression", _or_null(node.expression))
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name.lower() in _SAFE_BY_NAME and len(call.expressions) == 2:
            call.set("expressions", [call.expressions[0], _or_null(call.expressions[1])])
    return tree


def _or_null(divisor: exp.Expr) -> exp.Expr:
    if isinstance(divisor, exp.Nullif):
        return divisor
    if isinstance(divisor, exp.Literal) and not divisor.is_string and float(divisor.this) != 0:
        return divisor
    return exp.Nullif(this=divisor.copy(), expression=exp.Literal.number(0))


def _qualified(column: exp.Column, mart: str, alias: str) -> exp.Expr:
    """A column under the alias; `mart.column` loses the mart, a struct keeps its field."""
    parts = [part.name for part in column.parts]
    if len(parts) > 1 and parts[0].lower() == mart.lower():
        parts = parts[1:]
    found: exp.Expr = exp.Column(this=identifier(parts[0]), table=identifier(alias))
    for field in parts[1:]:
        found = exp.Dot(this=found, expression=identifier(field))
    return found


def identifier(text: str) -> exp.Identifier:
    """An identifier node, quoted where DuckDB needs it."""
    plain = text.isascii() and text.isidentifier() and text == text.lower()
    return exp.Identifier(this=text, quoted=not plain or text in RESERVED)


def _input(column: exp.Column, owner: str, values: Mapping[str, str]) -> str:
    if column.name not in values:
        raise RequestError(
            "metric.unsupported",
            f"The expression of `{owner}` uses `{column.name}`, which is not one of its inputs.",
            next_step="Its author must add it to `input_metrics`; other metrics are not affected.",
        )
    return values[column.name]


def _is_linear(tree: exp.Expr) -> bool:
    if isinstance(tree, exp.Column):
        return True
    if isinstance(tree, (exp.Add, exp.Sub)):
        return _is_linear(tree.this) and _is_linear(tree.expression)
    if isinstance(tree, (exp.Paren, exp.Neg)):
        return _is_linear(tree.this)
    if isinstance(tree, exp.Mul):
        sides = (tree.this, tree.expression)
        return any(
            isinstance(one, exp.Literal) and _is_linear(two) for one, two in (sides, sides[::-1])
        )
    if isinstance(tree, exp.Div):
        return isinstance(tree.expression, exp.Literal) and _is_linear(tree.this)
    return False
