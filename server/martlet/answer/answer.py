"""The answer: rows with everything needed to trust them."""

from __future__ import annotations

import hashlib
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
