"""Conditions of `where`, `having` and metric filters: parsed, checked, and rendered again."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlglot import exp

from martlet.errors import RequestError
from martlet.metrics.expressions import fragment, parse, render, safe_division
from martlet.metrics.refs import MetricRef, Ref, lift_calls, split_name

LONGEST = 4_000
DEEPEST = 40
_WEEK = re.compile(r"\d{4}-?W\d{2}")

Meaning = Ref | MetricRef
# SQL for a name. `as_day` is True when it stands beside a date, False beside a time of day.
Value = Callable[[Meaning, bool | None], str]

COMPARISONS = (exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE, exp.NullSafeEQ, exp.NullSafeNEQ)
PREDICATES = (
    *COMPARISONS,
    exp.And, exp.Or, exp.Not, exp.Paren, exp.Between, exp.In, exp.Like, exp.ILike, exp.Escape,
    exp.Is, exp.Column, exp.Boolean, exp.StartsWith, exp.EndsWith, exp.Contains,
)  # fmt: skip
ALLOWED = frozenset(
    {
        *PREDICATES,
        exp.Identifier, exp.Literal, exp.Null, exp.Neg, exp.Add, exp.Sub, exp.Mul, exp.Div,
        exp.IntDiv, exp.Mod, exp.Nullif, exp.Cast, exp.DataType, exp.DataTypeParam, exp.Interval,
        exp.Var, exp.Lower, exp.Upper, exp.Trim, exp.Length, exp.Substring, exp.Coalesce, exp.Abs,
        exp.Round, exp.Floor, exp.Ceil, exp.Case, exp.If, exp.DPipe, exp.TimestampTrunc,
        exp.DateTrunc, exp.Extract, exp.Year, exp.Quarter, exp.Month, exp.Week, exp.Day,
        exp.DayOfWeek,
    }
)  # fmt: skip
TYPES = frozenset(
    {"DATE", "TIMESTAMP", "INT", "BIGINT", "DOUBLE", "DECIMAL", "VARCHAR", "TEXT", "BOOLEAN"}
)


@dataclass(frozen=True)
class Condition:
    """One condition that must hold. Names stand in the tree as columns, explained by `refs`."""

    text: str
    tree: exp.Expr = field(compare=False)
    refs: dict[str, Meaning] = field(compare=False)

    @property
    def fields(self) -> tuple[Ref, ...]:
        return tuple(ref for ref in self.refs.values() if isinstance(ref, Ref))

    @property
    def metrics(self) -> tuple[MetricRef, ...]:
        return tuple(ref for ref in self.refs.values() if isinstance(ref, MetricRef))

    def negated(self) -> tuple[Ref, ...]:
        """Fields under `!=`, NOT IN or NOT LIKE, where a null row is left out."""
        found: list[Ref] = []
        for node in self.tree.find_all(exp.NEQ, exp.Not):
            inner = node if isinstance(node, exp.NEQ) else node.this.unnest()
            if isinstance(inner, (exp.NEQ, exp.In, exp.Like, exp.ILike, exp.EQ)):
                columns = inner.find_all(exp.Column)
                found += [ref for c in columns if isinstance(ref := self.refs[c.name], Ref)]
        return tuple(dict.fromkeys(found))

    def sql(self, value: Value, is_time: Callable[[Meaning], bool]) -> str:
        """The condition with SQL in place of each name; text beside a time becomes a date.

        Raises: RequestError `metric.filter` for text that is no date.
        """
        holder = exp.Paren(this=self.tree.copy())
        for node in list(holder.find_all(*COMPARISONS, exp.Between, exp.In)):
            self._type_literals(node, value, is_time)
        for column in list(holder.find_all(exp.Column)):
            column.replace(fragment(value(self.refs[column.name], None)))
        return render(holder.this)

    def _type_literals(
        self, node: exp.Expr, value: Value, is_time: Callable[[Meaning], bool]
    ) -> None:
        sides = [side for side in node.iter_expressions() if isinstance(side, exp.Expr)]
        times = [
            side for side in sides if isinstance(side, exp.Column) and is_time(self.refs[side.name])
        ]
        texts = [side for side in sides if isinstance(side, exp.Literal) and side.is_string]
        if not times or not texts:
            return
        as_day = all(is_date(text.this) for text in texts)
        for text in texts:
            text.replace(fragment(time_literal(text.this, as_day=as_day, where=self.text)))
        for column in times:
            column.replace(fragment(value(self.refs[column.name], as_day)))


def read_conditions(
    texts: Iterable[str], calendars: Collection[str], where: str
) -> tuple[Condition, ...]:
    """The conditions, split at their outermost ANDs.

    Raises: RequestError `metric.filter`.
    """
    try:
        return tuple(part for text in texts for part in _read(text, calendars, where))
    except RecursionError as error:
        raise _refused(str(list(texts))[:120], "it is nested too deeply") from error


def _read(text: str, calendars: Collection[str], where: str) -> list[Condition]:
    if len(text) > LONGEST or _nesting(text) > DEEPEST:
        raise _refused(text[:120], f"a condition of more than {LONGEST} characters or too deep")
    lifted, calls = lift_calls(text, calendars)
    tree = parse(lifted)
    if tree is None:
        raise RequestError(
            "metric.filter",
            f"`{text[:200]}` cannot be read as one SQL condition.",
            where=where,
            next_step="Write for example `order__status = 'paid'`; text in single quotes.",
        )
    _check(tree, text)
    parts = list(tree.flatten()) if isinstance(tree, exp.And) else [tree]
    return [_condition(part.copy(), text, calls, calendars) for part in parts]


def _condition(
    tree: exp.Expr, text: str, calls: dict[str, Meaning], calendars: Collection[str]
) -> Condition:
    if not isinstance(tree, PREDICATES):
        raise _refused(text, "not a condition")
    refs: dict[str, Meaning] = {}
    holder = exp.Paren(this=tree)
    for column in list(holder.find_all(exp.Column)):
        path = "__".join(part.name for part in column.parts)
        meaning = calls.get(path) or split_name(path, calendars)
        title = meaning.name if isinstance(meaning, Ref) else path
        refs[title] = meaning
        column.replace(exp.column(exp.to_identifier(title, quoted=True)))
    safe_division(holder)
    shown = render(holder.this).replace('"', "") if not calls else text.strip()
    return Condition(shown, holder.this, refs)


def _check(tree: exp.Expr, text: str) -> None:
    for node in tree.walk():
        if type(node) not in ALLOWED:
            raise _refused(text, f"`{_shown(node)}` is not allowed in a condition")
        if isinstance(node, exp.DataType) and node.this.value not in TYPES:
            raise _refused(text, f"the type {node.this.value} is not allowed in a condition")
        if isinstance(node, exp.Column) and isinstance(node.this, exp.Star):
            raise _refused(text, "`*` is not allowed in a condition")


def _shown(node: exp.Expr) -> str:
    return node.name or type(node).__name__.lower() if isinstance(node, exp.Func) else node.key


def _refused(text: str, why: str) -> RequestError:
    return RequestError(
        "metric.filter",
        f"The condition cannot be used: {why}.",
        where=text,
        next_step="Compare dimensions with values: =, !=, <, >, in, between, like, ilike, is null, "
        "is distinct from, joined by and/or/not. Write days as '2024-06-30'.",
    )


def _nesting(text: str) -> int:
    depth = deepest = 0
    for char in text:
        depth += (char in "([") - (char in ")]")
        deepest = max(deepest, depth)
    return deepest


def is_date(text: str) -> bool:
    """Whether the text is a day, without a time of day."""
    try:
        read_day(text)
    except ValueError:
        return False
    return True


def read_day(text: str) -> date:
    """The day that is written in ISO 8601. Raises: ValueError, for a whole week, too."""
    if _WEEK.fullmatch(text.strip()):
        raise ValueError("a week is not a day")
    return date.fromisoformat(text.strip())


def time_literal(text: str, *, as_day: bool, where: str) -> str:
    """A typed literal of a day or an instant.

    Raises: RequestError `metric.filter` when the text is neither.
    """
    try:
        if as_day:
            return f"date '{read_day(text).isoformat()}'"
        if _WEEK.fullmatch(text.strip()):
            raise ValueError("a week is not a moment")
        moment = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise RequestError(
            "metric.filter",
            f"'{text[:60]}' is not a day or a time.",
            where=where,
            next_step="Write a day as '2024-06-30' or a time as '2024-06-30 14:00:00'.",
        ) from error
    if moment.tzinfo is not None:
        raise RequestError(
            "metric.filter",
            f"'{text[:60]}' has a time zone; times are stored without one.",
            where=where,
            next_step="Write the local time without an offset.",
        )
    return f"timestamp '{moment.isoformat(sep=' ')}'"
