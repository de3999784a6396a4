"""One way of writing for what is written in many, so that two expressions can be compared."""

from __future__ import annotations

from sqlglot import exp

CASTS = (exp.Cast, exp.TryCast)


def told(expression: exp.Expr) -> str:
    """The text of an expression, for comparing."""
    return expression.sql(dialect="duckdb", normalize_functions="lower")


def bare(expression: exp.Expr) -> exp.Expr:
    """An expression without aliases of tables, quotes, brackets and what changes nothing."""
    named: exp.Expr = expression.copy().transform(_without_alias)
    found: exp.Expr = named.transform(_plainer)
    return found.unnest()


def _without_alias(node: exp.Expr) -> exp.Expr:
    return exp.column(node.name.lower()) if isinstance(node, exp.Column) else node


def _plainer(node: exp.Expr) -> exp.Expr:
    inner: exp.Expr = node.this
    if isinstance(node, exp.Paren) and isinstance(inner, exp.Column | exp.Literal):
        return inner
    if isinstance(node, exp.Is | exp.EQ) and _is_true(node.expression):
        return inner
    if isinstance(node, exp.EQ) and isinstance(node.this, exp.Literal):
        return exp.EQ(this=node.expression, expression=node.this)
    if isinstance(node, exp.In) and len(node.expressions) == 1:
        return exp.EQ(this=node.this, expression=node.expressions[0])
    return node


def conjuncts(condition: exp.Expr) -> list[exp.Expr]:
    """The conditions that must all hold."""
    condition = condition.unnest()
    if isinstance(condition, exp.And):
        return [*conjuncts(condition.left), *conjuncts(condition.right)]
    return [condition]


def plain(expression: exp.Expr) -> exp.Column | None:
    """The column that an expression gives on: cast or with nulls replaced, but not computed."""
    while isinstance(expression, (*CASTS, exp.Paren, exp.Coalesce)):
        expression = expression.this
    return expression if isinstance(expression, exp.Column) else None


def condition_of(value: exp.Expr, *, zero_counts: bool) -> tuple[exp.Expr, exp.Expr] | None:
    """Condition and value of `case when c then v end`; None of anything else.

    `else 0` is the same where a zero counts for nothing, as in a sum.
    """
    value = value.unnest()
    if not isinstance(value, exp.Case) or value.this is not None or len(value.args["ifs"]) != 1:
        return None
    otherwise = value.args.get("default")
    nothing = ("NULL",) if zero_counts else ("NULL", "0", "0.0")
    if otherwise is not None and told(otherwise) not in nothing:
        return None
    (branch,) = value.args["ifs"]
    return branch.this, branch.args["true"]


def normal(function: str, value: exp.Expr) -> tuple[str, exp.Expr, list[exp.Expr]]:
    """Function, value and conditions of an aggregate: a CASE in it is a condition on its rows."""
    inner = condition_of(value, zero_counts=function != "sum")
    if inner is None:
        return function, value, []
    condition, value = inner
    if function == "sum" and told(value) == "1":
        return "count", exp.Star(), conjuncts(condition)
    return function, value, conjuncts(condition)


def _is_true(node: exp.Expr) -> bool:
    return isinstance(node, exp.Boolean) and bool(node.this)
