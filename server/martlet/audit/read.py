"""Reads the log back: who asked what, what was refused, what was slow."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from martlet.audit.entry import Decision
from martlet.audit.log import AuditLog, day_files
from martlet.errors import RequestError, ServerError, did_you_mean
from martlet.settings import Settings, audit_folder

Record = dict[str, Any]
_SPAN = re.compile(r"(\d{1,5})([dhm])")
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
SLOWEST = 5


@dataclass(frozen=True)
class Wanted:
    """Which entries: all that fit every condition given. `mark` is a value's mark."""

    tool: str = ""
    principal: str = ""
    decisions: frozenset[str] = frozenset()
    since: datetime | None = None
    slow: float = 0.0
    mark: str = ""

    def fits(self, record: Record) -> bool:
        return (
            self.tool in ("", record["tool"])
            and self.principal in ("", record["principal"])
            and (not self.decisions or record["decision"] in self.decisions)
            and (self.since is None or datetime.fromisoformat(record["at"]) >= self.since)
            and record["seconds"] >= self.slow
            and (not self.mark or self.mark in json.dumps([record["sql"], record["asked"]]))
        )


@dataclass(frozen=True)
class History:
    """What was read, oldest first; `unreadable` counts lines that a full disk or a fault cut."""

    records: tuple[Record, ...]
    unreadable: int = 0

    def newest(self, most: int) -> Sequence[Record]:
        """At most so many of the newest entries, oldest first."""
        return self.records[-most:]

    def as_json(self, most: int) -> dict[str, Any]:
        """For machines: the newest entries, and totals over all that were read."""
        entries = list(self.newest(most))
        return {"entries": entries, "totals": self.totals(), "unreadable": self.unreadable}

    def totals(self) -> dict[str, Any]:
        """Calls by principal and tool, refusals and faults by code, and the slowest calls."""
        callers = Counter((item["principal"], item["tool"]) for item in self.records)
        codes = Counter((item["code"], item["decision"]) for item in self.records if item["code"])
        slowest = sorted(self.records, key=lambda item: -float(item["seconds"]))[:SLOWEST]
        return {
            "calls": len(self.records),
            "decisions": dict(Counter(item["decision"] for item in self.records)),
            "asked": [
                {"principal": principal, "tool": tool, "calls": calls}
                for (principal, tool), calls in callers.most_common()
            ],
            "not_answered": [
                {"code": code, "decision": decision, "calls": calls}
                for (code, decision), calls in codes.most_common()
            ],
            "slowest": [
                {key: item[key] for key in ("at", "principal", "tool", "seconds", "sql")}
                for item in slowest
            ],
        }


def read_back(
    settings: Settings,
    *,
    tool: str = "",
    principal: str = "",
    decision: str = "",
    since: str = "",
    slow: float = 0.0,
    value: str = "",
    now: datetime | None = None,
) -> History:
    """The entries that fit every condition; an empty one is none. `value` is found by its mark.

    Raises: RequestError `usage`, ServerError `server.audit` when the log cannot be read.
    """
    decisions = frozenset(decision.split(",")) - {""}
    for word in decisions - set(get_args(Decision)):
        names = get_args(Decision)
        raise RequestError(
            "usage",
            f"`{word}` is no decision.",
            where="--decision",
            next_step=did_you_mean(word, names) or f"It is one of {', '.join(names)}.",
        )
    try:
        mark = AuditLog(settings).redactor().mark(value) if value else ""
        start = moment(since, now or datetime.now(UTC)) if since else None
        wanted = Wanted(tool, principal, decisions, start, slow, mark)
        return read_history(audit_folder(settings), wanted)
    except (OSError, ValueError) as error:
        raise ServerError(
            "server.audit",
            "The audit log cannot be read.",
            where=str(error),
            next_step="Run it as the user that the server runs as, or as the log's owner.",
        ) from error


def read_history(folder: Path, wanted: Wanted) -> History:
    """The entries that are wanted. Raises: OSError when the log cannot be read."""
    records, unreadable = [], 0
    for line in _lines(folder, wanted.since):
        record = _read(line)
        if record is None:
            unreadable += 1
        elif wanted.fits(record):
            records.append(record)
    return History(tuple(records), unreadable)


def moment(text: str, now: datetime) -> datetime:
    """A day or time (UTC unless it says otherwise), or how long ago: 7d, 12h, 30m.

    Raises: RequestError `usage`.
    """
    span = _SPAN.fullmatch(text.strip())
    if span:
        return now - timedelta(**{_UNITS[span[2]]: int(span[1])})
    try:
        given = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise RequestError(
            "usage",
            f"`{text}` is no moment.",
            where="--since",
            next_step="Write a day (2026-11-01), a time (2026-11-01T08:00), or 7d, 12h, 30m.",
        ) from error
    return given if given.tzinfo else given.replace(tzinfo=UTC)


def _lines(folder: Path, since: datetime | None) -> Iterator[str]:
    first = f"{since.astimezone(UTC).date()}.jsonl" if since else ""
    for file in day_files(folder):
        if file.name >= first:
            with file.open(encoding="ascii", errors="replace") as stream:
                yield from (line for line in stream if line.strip())


_NEEDED = frozenset({"at", "principal", "tool", "decision", "code", "sql", "asked", "seconds"})


def _read(line: str) -> Record | None:
    """The entry of a line, or None for one that is cut."""
    try:
        found = json.loads(line)
    except json.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and found.keys() >= _NEEDED else None
