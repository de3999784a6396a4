"""Empty result: nothing matched, which is seldom the same as zero."""

from __future__ import annotations

from martlet.flow.trust import Check
from martlet.trust.question import Question

NAME = "empty_result"


def empty_result(question: Question) -> Check:
    """Warns when no row came back, or one row that holds nothing but nulls."""
    rows = question.rows.values
    if rows and not (len(rows) == 1 and rows[0] and all(cell is None for cell in rows[0])):
        return Check(NAME, "ok")
    what = "No row matched" if not rows else "Nothing matched: every value is null"
    return Check(
        NAME,
        "warn",
        what,
        caveat=f"{what}. This is not a zero: check the filter's values with `values` "
        "and the range against the days that hold data.",
    )
