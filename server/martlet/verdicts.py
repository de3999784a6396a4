"""The journey of a file of queries through the gate: what would be let through, and why not."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from martlet.ask import Asker, ask_sql, check_sql
from martlet.errors import MartletError, RequestError
from martlet.flow.query import Stop
from martlet.gate import statements
from martlet.house import Serving, open_serving
from martlet.publish import store
from martlet.settings import Settings

STDIN = Path("-")
PLACE = re.compile(r"line (\d+)(, column \d+)?(.*)", re.DOTALL)
HEADER = re.compile(r"\s*--\s*name:\s*(.+?)\s*$")


@dataclass(frozen=True)
class Block:
    """One query of a file; `line` and `column` are where it begins, from 1."""

    name: str
    line: int
    sql: str
    column: int = 1


@dataclass(frozen=True)
class Verdict:
    """What the gate says of one query; `error` when it is refused or fails."""

    block: Block
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    error: MartletError | None = None

    @property
    def where(self) -> str:
        """The place of the error in the file."""
        found = PLACE.match(self.error.where) if self.error else None
        if found is None:
            return f"line {self.block.line}" if self.error else ""
        line, column, rest = int(found[1]), found[2], found[3]
        if column and line == 1:
            column = f", column {int(column.split()[-1]) + self.block.column - 1}"
        return f"line {line + self.block.line - 1}{column or ''}{rest}"

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "name": self.block.name,
            "line": self.block.line,
            "verdict": "refused" if self.error else "allowed",
            "code": self.error.code if self.error else "",
            "tables": list(self.tables),
            "columns": list(self.columns),
        }
        if self.error:
            error = self.error
            said |= {"message": error.message, "where": self.where, "next": error.next_step}
        return said

    def as_text(self) -> str:
        place = f"{self.block.name} (line {self.block.line})"
        if self.error is None:
            return f"ok   {place}: reads {', '.join(self.tables) or 'no mart'}"
        lines = [f"NO   {place}: {self.error.code}: {self.error.message}", f"Where: {self.where}"]
        lines += [f"Next: {self.error.next_step}"] if self.error.next_step else []
        return "\n     ".join(lines)


def check_file(path: Path, settings: Settings, *, run: bool = False) -> list[Verdict]:
    """The verdicts on all queries of a file, in order, against the build in force.

    With `run` those that are let through also run, for one row: only DuckDB knows whether the
    types fit. Raises: RequestError `usage` for a file that cannot be read or holds no
    query; Unavailable `build.missing`, `build.broken`.
    """
    blocks = list(read_blocks(_read(path)))
    if not blocks:
        raise RequestError(
            "usage", f"{path} holds no query.", next_step="Write one, ending with `;`."
        )
    serving = open_serving(store.current(settings.home), settings)
    try:
        return [_judge(block, serving, settings, run=run) for block in blocks]
    finally:
        serving.engine.close()


def read_blocks(text: str) -> Iterator[Block]:
    """The queries of a text: each from one `-- name:` line to the next, if there are such lines;
    else each statement."""
    lines = text.splitlines(keepends=True)
    headers = [number for number, line in enumerate(lines) if HEADER.match(line)]
    if not headers:
        last = 0
        for one in statements.split(text):
            place = f"{one.line}:{one.column}" if one.line == last else one.line
            yield Block(f"query {place}", one.line, one.sql, one.column)
            last = one.line
        return
    begins = [0, *(number + 1 for number in headers)]
    ends = [*headers, len(lines)]
    for begin, end in zip(begins, ends, strict=True):
        found = statements.first("".join(lines[begin:end]))
        if found is not None:
            header = HEADER.match(lines[begin - 1]) if begin else None
            line = begin + found.line
            name = header.group(1) if header else f"query {line}"
            yield Block(name, line, found.sql, found.column)


def _judge(block: Block, serving: Serving, settings: Settings, *, run: bool) -> Verdict:
    try:
        query = check_sql(block.sql, serving, Asker(settings, Stop()))
        if run:
            ask_sql(block.sql, serving, Asker(settings, Stop()), limit=1)
    except MartletError as error:
        return Verdict(block, error=error)
    columns = tuple(f"{ref.mart}.{ref.column}" for ref in query.columns)
    return Verdict(block, query.tables, columns)


def _read(path: Path) -> str:
    try:
        read = sys.stdin.buffer.read() if path == STDIN else path.read_bytes()
    except OSError as error:
        raise RequestError(
            "usage",
            f"{path} cannot be read: {error.strerror or error}.",
            next_step="Name a file of SQL, or `-` for what is piped in.",
        ) from error
    try:
        return read.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        lines = read[: error.start].splitlines()
        raise RequestError(
            "usage",
            f"{path} is not UTF-8 text.",
            where=f"line {max(len(lines), 1)}, byte {error.start + 1} of the file",
            next_step="Save it as UTF-8.",
        ) from error
