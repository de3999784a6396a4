"""The journey of a file of queries through the gate: what would be let through, and why not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from martlet.ask import Asker, ask_sql, check_sql
from martlet.errors import MartletError, RequestError
from martlet.flow.query import Stop
from martlet.house import Serving, open_serving
from martlet.publish import store
from martlet.settings import Settings

HEADER = re.compile(r"\s*--\s*name:\s*(.+?)\s*$")


@dataclass(frozen=True)
class Block:
    """One query of a file; `line` is where it begins, from 1."""

    name: str
    line: int
    sql: str


@dataclass(frozen=True)
class Verdict:
    """What the gate says of one query; `error` when it is refused or fails."""

    block: Block
    tables: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    error: MartletError | None = None

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
            said |= {"message": error.message, "where": error.where, "next": error.next_step}
        return said

    def as_text(self) -> str:
        place = f"{self.block.name} (line {self.block.line})"
        if self.error is None:
            return f"ok   {place}: reads {', '.join(self.tables) or 'no mart'}"
        return f"NO   {place}: " + str(self.error).replace("\n", "\n     ")


def check_file(path: Path, settings: Settings, *, run: bool = False) -> list[Verdict]:
    """The verdicts on all queries of a file, in order, against the build in force.

    With `run` those that are let through also run, for one row: only DuckDB knows whether the
    types fit. Raises: RequestError `usage` for a file that cannot be read or holds no
    query; Unavailable `build.missing`, `build.broken`.
    """
    blocks = list(read_blocks(_read(path)))
    if not blocks:
        raise RequestError("usage", f"{path} holds no query.", next_step="End each with `;`.")
    serving = open_serving(store.current(settings.home), settings)
    try:
        return [_judge(block, serving, settings, run=run) for block in blocks]
    finally:
        serving.engine.close()


def read_blocks(text: str) -> Iterator[Block]:
    """The queries of a text: each from one `-- name:` line to the next, if there are such lines;
    else each to the end of a line that ends with a semicolon."""
    named = any(HEADER.match(line) for line in text.splitlines())
    name, lines = "", []
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        header = HEADER.match(line)
        if not header:
            lines.append((number, line))
        if header or (not named and line.rstrip().endswith(";")):
            yield from _block(name, lines)
            lines = []
        if header:
            name = header.group(1)
    yield from _block(name, lines)


def _block(name: str, lines: list[tuple[int, str]]) -> Iterator[Block]:
    """One block, without the empty lines and comments before it; none if nothing is left."""
    while lines and (not lines[0][1].strip() or lines[0][1].lstrip().startswith("--")):
        lines = lines[1:]
    if lines:
        yield Block(name or f"query {lines[0][0]}", lines[0][0], "".join(text for _, text in lines))


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
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RequestError(
            "usage", f"{path} cannot be read as UTF-8 text.", next_step="Name a file of SQL."
        ) from error
