"""Fan-out: a join that repeats rows under an aggregate."""

from __future__ import annotations

from martlet.flow.trust import Check
from martlet.trust.question import Question

NAME = "fan_out"


def fan_out(question: Question) -> Check:
    """Ok where no join can repeat a row; not checked for a join that a caller wrote."""
    if question.compiled:
        return Check(NAME, "ok", "The metric compiler joins to-one only.")
    joins = any(node.get("type") == "JOIN" for node in question.nodes)
    if not joins:
        return Check(NAME, "ok", "No join.")
    return Check(
        NAME,
        "not_checked",
        "A join may repeat rows under a sum, count or average: aggregate each side before joining, "
        "or use `metric`.",
    )
