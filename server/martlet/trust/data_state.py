"""The verdict: freshness and dbt tests of exactly the marts and columns that were used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.flow.build import BuildState, TestState
from martlet.flow.query import ColumnRef, ValidatedQuery
from martlet.flow.trust import Verdict


@dataclass(frozen=True)
class DataVerdict:
    """How far the data can be trusted and why; `complete_through` is the earliest of the marts."""

    verdict: Verdict
    reasons: tuple[str, ...]
    complete_through: str | None


def judge(query: ValidatedQuery, state: BuildState) -> DataVerdict:
    """The verdict on the data that a query read.

    failing: a dbt test or a measured key of what was read does not hold. stale: a source is too
    old, or the build did not rebuild the mart. warn: a test or source warned, or a test of a model
    upstream failed. unknown: no test of the marts was run. ok: none of these.
    """
    findings = [
        *_test_findings(query, state),
        *_key_findings(query, state),
        *_freshness_findings(query, state),
    ]
    verdict: Verdict = "ok"
    for level in ("failing", "stale", "warn", "unknown"):
        if any(found == level for found, _ in findings):
            verdict = level
            break
    reasons = tuple(dict.fromkeys(reason for _, reason in findings))
    return DataVerdict(verdict, reasons, complete_through(query.tables, state))


def complete_through(tables: Sequence[str], state: BuildState) -> str | None:
    """The last day that every mart used covers whole; None when none of them says."""
    days = [state.marts[name].complete_through for name in tables if name in state.marts]
    return min((day for day in days if day), default=None)


def _test_findings(query: ValidatedQuery, state: BuildState) -> list[tuple[str, str]]:
    used = [test for test in state.tests if _concerns(test, query)]
    if not any(test.counts and test.status in ("pass", "warn", "fail", "error") for test in used):
        names = ", ".join(query.tables)
        return [("unknown", f"No dbt test of {names} was run for this build.")] if names else []
    return [finding for test in used if (finding := _test_finding(test))]


def _test_finding(test: TestState) -> tuple[str, str] | None:
    what = f"dbt test `{test.name}`"
    rows = f" ({test.failures} rows)" if test.failures else ""
    if test.status in ("fail", "error"):
        return ("warn" if test.upstream else "failing", f"{what} failed{rows}.")
    if test.status == "warn":
        return ("warn", f"{what} warned{rows}.")
    if test.status in ("skipped", "not_run"):
        return ("warn", f"{what} was not run.")
    return None


def _concerns(test: TestState, query: ValidatedQuery) -> bool:
    """Table tests concern every query of the mart; column tests only those that read the column."""
    marts = set(test.marts) & set(query.tables)
    if not marts:
        return False
    if not test.columns or test.upstream:
        return True
    return any(ColumnRef(m, c) in set(query.columns) for m in marts for c in test.columns)


def _key_findings(query: ValidatedQuery, state: BuildState) -> list[tuple[str, str]]:
    found = []
    for name in query.tables:
        for key in state.marts[name].keys:
            if not key.holds:
                text = ", ".join(key.columns)
                doubled = key.rows - key.nulls - key.distinct
                found.append(
                    (
                        "failing",
                        f"{name} ({text}) is not a key: {doubled} repeated, {key.nulls} null.",
                    )
                )
    return found


def _freshness_findings(query: ValidatedQuery, state: BuildState) -> list[tuple[str, str]]:
    found = []
    for name in query.tables:
        if not state.marts[name].rebuilt:
            found.append(("stale", f"{name} was not rebuilt by this build."))
    for source in state.sources:
        if not set(source.marts) & set(query.tables):
            continue
        if source.status in ("warn", "error"):
            level = "stale" if source.status == "error" else "warn"
            age = f", {source.age_hours:.0f} hours old" if source.age_hours is not None else ""
            found.append((level, f"Source {source.name} is late (newest {source.newest}{age})."))
    return found
