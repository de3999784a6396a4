"""Governed or not: is the number a metric of the catalog, or the caller's own arithmetic?"""

from __future__ import annotations

from martlet.flow.trust import Check
from martlet.trust.question import Question

NAME = "governed"


def governed(question: Question) -> Check:
    """Ok for metrics; aggregates in a caller's SQL are not compared with the catalog's metrics."""
    if question.compiled:
        return Check(NAME, "ok", "Defined in the catalog.")
    if any(output.aggregate for output in question.query.outputs):
        return Check(
            NAME,
            "not_checked",
            "Your own aggregate was not compared with the catalog's metrics; "
            "`search` finds a governed one.",
        )
    return Check(NAME, "ok", "No aggregate.")
