"""Every error Martlet raises on purpose: a small tree, and the table of stable codes."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar


class MartletError(Exception):
    """Something went wrong and the reader can be told what, where and what to do next.

    `code` is stable (see `CODES`); `where` points into what the reader sent ("line 2, column 8:
    sum(amount)"); `next_step` is one sentence that would make the next try succeed.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, message: str, *, where: str = "", next_step: str = "") -> None:
        if code not in CODES:
            raise LookupError(f"error code {code!r} is missing from martlet.errors.CODES")
        super().__init__(message)
        self.code = code
        self.message = message
        self.where = where
        self.next_step = next_step

    def __str__(self) -> str:
        lines = [f"{self.code}: {self.message}"]
        if self.where:
            lines.append(f"Where: {self.where}")
        if self.next_step:
            lines.append(f"Next: {self.next_step}")
        return "\n".join(lines)


class RequestError(MartletError):
    """A smarter caller could have avoided it."""

    exit_code = 3


class RefusedSql(RequestError):
    """The gate did not let the SQL through."""


class UnknownName(RequestError):
    """A name that is not published for this caller."""


class ServerError(MartletError):
    """The caller could not have avoided it: short to the caller, full in the log."""


class Unavailable(ServerError):
    """The work could not be done now: no build, busy, out of time, a sandbox that died."""


class BuildFailed(MartletError):
    """dbt or publishing failed; the last good build stays in force."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file a person wrote; `line` counts from 1, 0 is the whole file."""

    file: str
    line: int
    key: str
    message: str
    next_step: str = ""
    severity: str = "error"

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        key = f" [{self.key}]" if self.key else ""
        tail = f" {self.next_step}" if self.next_step else ""
        return f"{place}:{key} {self.message}{tail}"


class CatalogInvalid(MartletError):
    """The catalog cannot be used; `problems` holds all of them, not the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        listing = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            "catalog.invalid",
            f"The catalog has {count} problem{'s' if count != 1 else ''}:\n{listing}",
            next_step="Correct the files and run `martlet check`; the last good build stays.",
        )


def nearest(name: str, names: Iterable[str], *, limit: int = 3) -> list[str]:
    """The existing names most like `name`, best first; empty when none is close."""
    from rapidfuzz import fuzz, process, utils

    found = process.extract(
        name, sorted(set(names)), scorer=fuzz.WRatio, processor=utils.default_process, limit=limit
    )
    return [match for match, score, _ in found if score >= 70]


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A sentence that offers the nearest names, or an empty string."""
    close = nearest(name, names)
    return f"Did you mean {' or '.join(f'`{item}`' for item in close)}?" if close else ""


def trail(error: BaseException) -> str:
    """Where an error came from, for the log: kinds and places, no messages, which may quote cells.

    An OSError's message is kept: it speaks of files.
    """
    parts: list[str] = []
    link: BaseException | None = error
    while link is not None and len(parts) < 10:
        frames = traceback.extract_tb(link.__traceback__)[-6:]
        places = " > ".join(f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
        said = f" ({link})" if isinstance(link, OSError) else ""
        parts.append(f"{type(link).__name__}{said} at {places or 'no place'}")
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return "; from ".join(parts)


# code: what it means. docs/errors.toml tells causes and remedies; docs/errors.md is made of both.
CODES: dict[str, str] = {
    "request.invalid": "An argument has the wrong form.",
    "request.unknown_tool": "There is no tool of that name.",
    "name.unknown": "A mart, metric, dimension or column of that name is not published.",
    "name.ambiguous": "The name fits more than one thing; write it with its entity or mart.",
    "sql.too_long": "The SQL text is longer than the limit.",
    "sql.text": "The SQL text holds characters that are not allowed outside plain text.",
    "sql.syntax": "DuckDB cannot parse the SQL.",
    "sql.not_a_query": "Only one query that reads is allowed.",
    "sql.several_statements": "Only one statement at a time is allowed.",
    "sql.unknown_mart": "A table that is not a published mart.",
    "sql.unknown_column": "A column that the mart does not publish.",
    "sql.function": "A function that is not on the list of allowed functions.",
    "sql.type": "A type that is not built in, or not allowed.",
    "sql.construct": "A SQL construct that is not on the list of allowed ones.",
    "sql.size": "A size, range or depth beyond what one query may ask for.",
    "sql.disagreement": "Two parsers read the SQL differently, so it is not run.",
    "sql.failed": "The SQL was allowed but DuckDB could not run it.",
    "sql.memory": "The query needed more memory than one query may use.",
    "query.deadline": "The query ran longer than one query may.",
    "query.cancelled": "The caller cancelled the query.",
    "metric.fan_out": "A grouping would repeat rows of the metric and inflate it.",
    "metric.no_path": "No join path leads from the metric to the dimension.",
    "metric.ambiguous_path": "More than one join path leads to the dimension.",
    "metric.unsupported": "The metric or option cannot be answered in this combination.",
    "metric.grain": "A time grain that does not exist or is finer than the data.",
    "metric.filter": "A filter that is not a condition over dimensions or metrics.",
    "server.busy": "All sandboxes are at work and the queue is full.",
    "server.sandbox_died": "The sandbox process ended while it ran the query.",
    "server.audit": "The audit log cannot be written, so nothing is answered.",
    "server.internal": "A fault in Martlet; the log has the details.",
    "build.missing": "Nothing has been published yet.",
    "build.broken": "A published build is incomplete or was changed after publishing.",
    "build.sources": "The raw tables are not what the dbt project's sources declare.",
    "build.dbt_failed": "dbt did not finish; nothing was published.",
    "build.tests_failed": "dbt tests failed; nothing was published.",
    "build.source": "The database, project or artifact to publish from cannot be read.",
    "build.key": "The key of an audience's pseudonyms cannot be used.",
    "build.locked": "Another build or publish is at work.",
    "build.disk": "The disk is full or not writable.",
    "site.folder": "The folder for the site holds something else.",
    "site.disk": "The site cannot be written.",
    "purge.remains": "After a purge something of the person was still found.",
    "catalog.invalid": "The catalog files have problems.",
    "usage": "The command line was used wrongly.",
}
