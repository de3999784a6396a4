"""The answer: rows with everything needed to trust them, and its text for a model to read."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from martlet.flow.trust import Check, Verdict


class Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AnswerColumn(Part):
    """A column of the answer; `source` is `mart.column`, or the metric's name."""

    name: str
    type: str
    unit: str = ""
    meaning: str = ""
    source: str = ""


class Truncated(Part):
    """Which limit cut the answer, whose it was, and what to do about it."""

    by: Literal["rows", "characters", "cell"]
    limit: int
    whose: Literal["caller", "server"]
    next: str


class DataState(Part):
    """How new the data is. Days are in the catalog's time zone."""

    as_of: str | None
    complete_through: str | None
    built_at: str
    build_id: str


class Trust(Part):
    verdict: Verdict
    reasons: list[str] = []


class CheckLine(Part):
    name: str
    status: Literal["ok", "warn", "not_checked"]
    detail: str = ""


class MetricLine(Part):
    name: str
    definition: str
    version: str = ""


class Answer(Part):
    """An answer to one question, as `structuredContent` holds it."""

    answer_id: str
    sql: str
    tables: list[str]
    columns: list[AnswerColumn]
    rows: list[list[Any]]
    row_count: int
    truncated: Truncated | None = None
    data: DataState
    trust: Trust
    checks: list[CheckLine] = []
    caveats: list[str] = []
    metrics: list[MetricLine] = []
    notes: list[str] = []
    seconds: float = 0.0


def answer_id(sql: str, build_id: str, rows: int) -> str:
    """A stable id: the same question on the same build has the same one."""
    text = json.dumps([sql, build_id, rows])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def check_lines(checks: Sequence[Check]) -> list[CheckLine]:
    return [CheckLine(name=c.name, status=c.status, detail=c.detail) for c in checks]


def to_text(answer: Answer, *, rows: bool = True) -> str:
    """The same answer as compact text: a header, the rows as CSV, then what must not be missed."""
    parts = [_header(answer)]
    if rows:
        parts.append(_table(answer))
    if answer.truncated:
        parts.append(f"CUT by {answer.truncated.by}: {answer.truncated.next}")
    parts += [f"CAVEAT: {caveat}" for caveat in answer.caveats]
    parts += answer.notes
    parts += [f"{metric.name} = {metric.definition}" for metric in answer.metrics]
    skipped = [check.name for check in answer.checks if check.status == "not_checked"]
    if skipped:
        parts.append(f"Not checked: {', '.join(skipped)}.")
    if answer.metrics:
        parts.append(f"SQL: {' '.join(answer.sql.split())}")
    return "\n".join(parts)


def explanation(answer: Answer) -> str:
    """What the gate and the compiler found, for a query that was not run."""
    parts = [
        f"Not run. It may run. Reads {', '.join(answer.tables) or 'no mart'}. "
        f"Trust of the data: {answer.trust.verdict}."
    ]
    parts += answer.caveats
    parts += answer.notes
    parts.append(f"SQL: {answer.sql}")
    return "\n".join(parts)


def _header(answer: Answer) -> str:
    count = f"{answer.row_count} row{'' if answer.row_count == 1 else 's'}"
    more = " (more exist)" if answer.truncated and answer.truncated.by != "cell" else ""
    facts = [count + more, f"trust: {answer.trust.verdict}"]
    if answer.data.complete_through:
        facts.append(f"data complete through {answer.data.complete_through}")
    facts.append(f"build {answer.data.build_id}")
    reasons = f"\nTrust: {'; '.join(answer.trust.reasons)}" if answer.trust.reasons else ""
    return " · ".join(facts) + reasons


def _table(answer: Answer) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_heading(column) for column in answer.columns])
    writer.writerows([_cell(cell) for cell in row] for row in answer.rows)
    return out.getvalue().rstrip("\n")


def _heading(column: AnswerColumn) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name


def _cell(cell: Any) -> str:
    if cell is None:
        return "∅"
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
    return str(cell)
