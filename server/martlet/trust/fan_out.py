"""Fan-out: a join that repeats rows under a sum, count or average, measured."""

from __future__ import annotations

from functools import lru_cache

from sqlglot.errors import SqlglotError

from martlet.errors import MartletError
from martlet.flow.trust import Check
from martlet.trust.joins import Suspect, find_suspects
from martlet.trust.question import Question
from martlet.trust.sources import Keys

NAME = "fan_out"


def fan_out(question: Question) -> Check:
    """Warns when rows under an aggregate are repeated by a join, with the factor where it can be
    measured; ok when no join can repeat a row, or none does."""
    if question.compiled:
        return Check(NAME, "ok", "The metric compiler joins to-one only.")
    if not any(node.get("type") == "JOIN" for node in question.nodes):
        return Check(NAME, "ok", "No join.")
    try:
        suspects = _suspects(question.query.sql, _keys(question), _columns(question))
    except SqlglotError:
        return Check(NAME, "not_checked", "The joins could not be followed.")
    if not suspects:
        return Check(NAME, "ok", "No join repeats a row under an aggregate.")
    return _judge(suspects[0], question)


def _judge(suspect: Suspect, question: Question) -> Check:
    factor = _measure(suspect, question)
    if factor == 1:
        return Check(NAME, "ok", f"Joining {suspect.by} could repeat rows, but none is (measured).")
    times = f"×{factor:.1f} on average, measured" if factor else "how often is not measured"
    said = (
        f"Fan-out: joining {suspect.by} on {suspect.on} repeats rows of {suspect.repeated} "
        f"({times}), so {suspect.aggregate} is inflated."
        if factor
        else f"Fan-out: joining {suspect.by} on {suspect.on} may repeat rows of "
        f"{suspect.repeated} ({times}), so {suspect.aggregate} may be inflated."
    )
    advice = f"Aggregate {suspect.by} by {suspect.on} in a CTE before joining, or use `metric`."
    return Check(NAME, "warn", times, caveat=f"{said} {advice}")


def _measure(suspect: Suspect, question: Question) -> float | None:
    """Rows after the join for each row before it; None when it could not be counted."""
    if not suspect.probe or question.probe is None:
        return None
    try:
        (row,) = question.probe(suspect.probe).values
    except MartletError:  # the answer stands without the measurement, and says so
        return None
    joined, different = int(str(row[0])), int(str(row[1]))
    return joined / different if different else None


def _keys(question: Question) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """The keys that the build measured and found to hold, of the marts read."""
    marts = question.state.marts
    return tuple(
        (name, tuple(key.columns for key in marts[name].keys if key.holds))
        for name in question.query.tables
    )


def _columns(question: Question) -> tuple[tuple[str, tuple[str, ...]], ...]:
    scope = question.query.scope.marts
    return tuple((name, tuple(scope[name])) for name in question.query.tables)


@lru_cache(maxsize=512)
def _suspects(
    sql: str,
    keys: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...],
    columns: tuple[tuple[str, tuple[str, ...]], ...],
) -> list[Suspect]:
    folded: Keys = {
        name.lower(): frozenset(frozenset(c.lower() for c in key) for key in found)
        for name, found in keys
    }
    known = {name.lower(): frozenset(c.lower() for c in found) for name, found in columns}
    return find_suspects(sql, folded, known)
