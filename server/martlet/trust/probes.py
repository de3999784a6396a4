"""Probes: small queries of our own over the FROM of a caller's query."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp


def probe_over(
    select: exp.Select, tree: exp.Expr, outputs: Sequence[exp.Expr], *, filtered: bool
) -> str:
    """SQL for `outputs` over the rows that `select` reads, before or after its WHERE.

    Empty where the rows cannot be read apart: a query inside an expression may speak of the query
    around it.
    """
    if is_correlated(select):
        return ""
    probe = exp.select(*outputs)
    for part in ("from_", "joins", "where") if filtered else ("from_", "joins"):
        probe.set(part, copied(select.args.get(part)))
    before = _ctes_before(select, tree)
    if before is not None:
        probe.set("with_", before)
    return probe.sql(dialect="duckdb")


def is_correlated(select: exp.Select) -> bool:
    """Whether a query stands inside an expression."""
    return select.parent is not None and not isinstance(
        select.parent, exp.CTE | exp.Subquery | exp.SetOperation
    )


def copied(part: object) -> object:
    """A part of a query, free of the tree that it stands in."""
    if isinstance(part, list):
        return [item.copy() for item in part]
    return part.copy() if isinstance(part, exp.Expr) else None


def _ctes_before(select: exp.Select, tree: exp.Expr) -> exp.With | None:
    """The WITH of the whole query as far as `select` sees it: a CTE knows those before it."""
    whole = tree.args.get("with_")
    if not isinstance(whole, exp.With):
        return None
    own = select.find_ancestor(exp.CTE)
    seen: list[exp.Expr] = []
    for cte in whole.expressions:
        if cte is own:
            break
        seen.append(cte.copy())
    return exp.With(expressions=seen, recursive=whole.args.get("recursive")) if seen else None
