"""The audit log: one JSON line a call, on disk before the answer leaves; never a row value."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from martlet.errors import ServerError


@dataclass(frozen=True)
class Entry:
    """What is recorded of one call. `decision` is answered, refused or failed; `code` the error's.

    `rows` and `characters` are what the answer holds; `seconds` is the whole call.
    """

    principal: str
    tool: str
    decision: str
    code: str = ""
    sql: str = ""
    tables: tuple[str, ...] = ()
    rows: int = 0
    characters: int = 0
    seconds: float = 0.0
    build_id: str = ""


class AuditLog:
    """Appends entries to `<home>/audit/audit.jsonl`, each in one write, readable by the owner."""

    def __init__(self, home: Path) -> None:
        self.file = home / "audit" / "audit.jsonl"

    def write(self, entry: Entry) -> None:
        """Append one line. Raises: ServerError `server.audit` when it cannot be written."""
        stamp = {"at": datetime.now(UTC).isoformat(timespec="milliseconds")}
        line = json.dumps({**stamp, **asdict(entry)}, ensure_ascii=True, separators=(",", ":"))
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, line.encode() + b"\n")
            finally:
                os.close(handle)
        except OSError as error:
            raise ServerError(
                "server.audit",
                "The call could not be recorded in the audit log, so it was not answered.",
                next_step="The operator should check space and permissions with `martlet doctor`.",
            ) from error
