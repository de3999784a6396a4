"""The log: one JSON line a call, one file a day (UTC), in the file before the answer leaves."""

from __future__ import annotations

import fcntl
import json
import os
import re
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from martlet.audit.entry import Entry
from martlet.audit.key import read_key
from martlet.audit.redact import Redactor
from martlet.audit.vocabulary import Vocabulary
from martlet.errors import ServerError
from martlet.settings import Settings, audit_folder, audit_key

_DAY_FILE = re.compile(r"2\d{3}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\.jsonl")
NOTHING_KNOWN = Vocabulary()


class AuditLog:
    """Appends entries to `<folder>/<day>.jsonl`. Any number of processes may write at once.

    Every entry is one write to a file opened for appending, under the file's lock. Days
    beyond the number kept are removed at the first write of a day.
    """

    def __init__(self, settings: Settings) -> None:
        self.folder = audit_folder(settings)
        self._key_file = audit_key(settings)
        self._keep_days = settings.keep_audit_days
        self._key: bytes | None = None
        self._swept: date | None = None
        self._lock = threading.Lock()

    def write(
        self, entry: Entry, vocabulary: Vocabulary = NOTHING_KNOWN, *, now: datetime | None = None
    ) -> None:
        """Append one line, values replaced by marks; the vocabulary says which words stay.

        Raises: ServerError `server.audit` when it cannot be written.
        """
        moment = (now or datetime.now(UTC)).astimezone(UTC)
        try:
            record = self._record(entry, vocabulary, moment)
            line = json.dumps(record, ensure_ascii=True, separators=(",", ":"))
            self._begin_day(moment.date())
            _append(self.folder / f"{moment.date()}.jsonl", line.encode("ascii") + b"\n")
        except (OSError, ValueError) as error:
            raise ServerError(
                "server.audit",
                "The call could not be recorded in the audit log, so it was not answered.",
                next_step="The operator should check space and permissions with `martlet doctor`.",
            ) from error

    def redactor(self, vocabulary: Vocabulary = NOTHING_KNOWN) -> Redactor:
        """What marks values in this log. Raises: OSError, ValueError, when there is no key."""
        with self._lock:
            if self._key is None:
                self._key = read_key(self._key_file)
        return Redactor(self._key, vocabulary)

    def _record(self, entry: Entry, vocabulary: Vocabulary, moment: datetime) -> dict[str, Any]:
        hide = self.redactor(vocabulary)
        is_tool = entry.code != "request.unknown_tool"
        shown = replace(
            entry,
            tool=entry.tool if is_tool else hide.mark(entry.tool),
            sql=hide.sql(entry.sql, entry.decision, entry.code),
            asked=hide.arguments(entry.asked, entry.decision, entry.code),
        )
        return {"at": moment.isoformat(timespec="milliseconds"), **vars(shown)}

    def _begin_day(self, today: date) -> None:
        """Once a day and process: the folder is there, and files older than kept are gone."""
        with self._lock:
            if self._swept == today and self.folder.is_dir():
                return
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for file in day_files(self.folder):
                if _day_of(file) <= today - timedelta(days=self._keep_days):
                    file.unlink(missing_ok=True)  # another process may sweep, too
            self._swept = today


def day_files(folder: Path) -> list[Path]:
    """The files of the log, oldest first; nothing else in the folder is touched or read."""
    found = folder.iterdir() if folder.is_dir() else iter(())
    return sorted(file for file in found if _DAY_FILE.fullmatch(file.name))


def _day_of(file: Path) -> date:
    return date.fromisoformat(file.name.removesuffix(".jsonl"))


def _append(file: Path, line: bytes) -> None:
    handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        # a writer without the lock could be seen half done: the size grows page by page
        fcntl.flock(handle, fcntl.LOCK_EX)
        size = os.fstat(handle).st_size
        # a full disk may have cut the line before; it must not take this one along
        if size and os.pread(handle, 1, size - 1) != b"\n":
            line = b"\n" + line
        if os.write(handle, line) != len(line):
            raise OSError(f"only a part of the line went into {file.name}")
    finally:
        os.close(handle)
