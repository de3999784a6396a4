"""Empty result: which condition let nothing through, and what is stored instead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot.errors import SqlglotError

from martlet.errors import MartletError
from martlet.flow.build import Profile
from martlet.flow.query import Cell, ColumnRef
from martlet.flow.trust import Check
from martlet.trust.filters import Condition, Filter, find_filters
from martlet.trust.question import Question

NAME = "empty_result"
MOST_FILTERS = 4  # WHEREs looked into, each by one counting query
NEAREST_VALUES = 5
FEW_VALUES = 12  # a column with no more is listed whole
SHOWN_CHARACTERS = 60
ZERO = "The result is zero because nothing matched"


def empty_result(question: Question) -> Check:
    """Warns when nothing matched, and names the condition that no row fulfils.

    A zero is one, too, when every number is zero or null: a misspelt value counts nothing. It is
    let stand where each condition alone is fulfilled by some rows.
    """
    what = _emptiness(question)
    if not what:
        return Check(NAME, "ok")
    reason = _reason(question)
    if what == ZERO and not reason.is_fault:
        return Check(NAME, "ok", reason.text)
    advice = reason.text or "Check the filter's values with `values` and the range of days."
    return Check(NAME, "warn", what, caveat=f"{what}. {advice}")


def _emptiness(question: Question) -> str:
    """How the result is empty, in words; nothing when it is not."""
    rows = question.rows.values
    if not rows:
        return "No row matched, which is not a zero"
    numbers = [_numbers(question, row) for row in rows]
    cells = [cell for row in numbers for cell in row]
    if not cells or any(cell not in (0, None) or cell is False for cell in cells):
        return ""
    if all(cell is None for cell in cells):
        alone = len(rows) == 1 or question.compiled
        return "Nothing matched: every value is null, which is not a zero" if alone else ""
    return ZERO


def _numbers(question: Question, row: Sequence[Cell]) -> list[Cell]:
    """The cells that were counted or added up; in one row of a query without groups, all."""
    if question.compiled:
        kinds = [column.kind for column in question.compiled.columns]
        return [cell for cell, kind in zip(row, kinds, strict=True) if kind == "metric"]
    outputs = question.query.outputs
    if len(question.rows.values) > 1 or len(outputs) != len(row):
        return list(row) if len(question.rows.values) == 1 else []
    made = [cell for cell, output in zip(row, outputs, strict=True) if output.aggregate]
    return made or list(row)


@dataclass(frozen=True)
class _Reason:
    """Why nothing matched; a fault when the condition can hardly be meant so."""

    text: str = ""
    is_fault: bool = False


def _reason(question: Question) -> _Reason:
    scope = question.query.scope.marts
    columns = tuple((name, tuple(scope.get(name, ()))) for name in question.query.tables)
    try:
        filters = find_filters(question.query.sql, columns)
    except SqlglotError:
        return _Reason("The conditions could not be followed.")
    last = _Reason()
    for item in filters[:MOST_FILTERS]:
        counts = _counts(item, question)
        if counts is None:
            continue
        if counts[0] == 0:  # an inner WHERE may be what leaves nothing for this one
            last = _Reason("There are no rows before any condition: tables or joins are empty.")
            continue
        found = _explain(item, counts, question)
        if found.text:
            return found
    return last


def _counts(item: Filter, question: Question) -> list[int] | None:
    """What the filter's probe counted; None when it could not be run."""
    if question.probe is None:
        return None
    try:
        (row,) = question.probe(item.probe).values
    except MartletError:  # the answer stands without the explanation, and says what it knows
        return None
    return [int(str(cell)) for cell in row]


def _explain(item: Filter, counts: list[int], question: Question) -> _Reason:
    alone, together = counts[1::2], counts[2::2]
    for condition, matched in zip(item.conditions, alone, strict=True):
        if matched == 0:
            stored = _stored(condition, question)
            return _Reason(f"No row fulfils `{condition.text}`.{stored}", is_fault=bool(stored))
    for place, matched in enumerate(together):
        if matched == 0:
            fitting = " and ".join(f"`{one.text}`" for one in item.conditions[:place])
            last = item.conditions[place].text
            return _Reason(f"Rows fulfil {fitting}, and rows fulfil `{last}`, but none does both.")
    return _Reason()


def _stored(condition: Condition, question: Question) -> str:
    """What the column of a condition holds: the nearest values, or the range."""
    column = condition.column
    if column is None:
        return ""
    if condition.wanted:
        return _nearest(column, condition.wanted[0], question)
    profile = _profile(column, question)
    if profile is None or profile.min is None or profile.max is None:
        return ""
    return f" `{column.mart}.{column.column}` holds {profile.min} to {profile.max}."


def _nearest(column: ColumnRef, wanted: str, question: Question) -> str:
    """The stored values nearest to a text, the most frequent ones where few are stored."""
    assert question.probe is not None
    name, text = _quoted(column.column), "'" + wanted.lower().replace("'", "''") + "'"
    profile = _profile(column, question)
    few = profile is not None and not profile.sampled and profile.distinct <= FEW_VALUES
    value = f"cast({name} as varchar)"
    sql = (
        f"select {value} from marts.{_quoted(column.mart)} where {name} is not null group by 1 "
        f"order by contains(lower({value}), {text}) desc, "
        f"jaro_winkler_similarity(lower({value}), {text}) desc, count(*) desc, 1 "
        f"limit {FEW_VALUES if few else NEAREST_VALUES}"
    )
    try:
        values = [str(row[0]) for row in question.probe(sql).values]
    except MartletError:
        return ""
    listed = ", ".join(f"'{one[:SHOWN_CHARACTERS]}'" for one in values)
    what = "Stored values" if few else f"Stored values nearest to '{wanted[:SHOWN_CHARACTERS]}'"
    return f" {what}: {listed}." if values else ""


def _profile(column: ColumnRef, question: Question) -> Profile | None:
    mart = question.state.marts.get(column.mart)
    return mart.columns.get(column.column) if mart else None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
