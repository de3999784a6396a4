"""The answer as compact text: what a model reads where its client shows no structure."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from martlet.answer.answer import Answer, AnswerColumn


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
    writer.writerow([_on_one_line(_heading(column)) for column in answer.columns])
    writer.writerows([_on_one_line(_cell(cell)) for cell in row] for row in answer.rows)
    return out.getvalue().rstrip("\n")


def _heading(column: AnswerColumn) -> str:
    return f"{column.name} ({column.unit})" if column.unit else column.name


def _on_one_line(text: str) -> str:
    """A value with a line of its own could pass for one of ours (`CAVEAT: ...`)."""
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _cell(cell: Any) -> str:
    if cell is None:
        return "∅"
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, list | dict):
        return json.dumps(cell, ensure_ascii=False, separators=(",", ":"))
    return str(cell)
