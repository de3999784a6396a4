"""Hardened DuckDB connections: they reach the files they are given, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from martlet.errors import BuildFailed
from martlet.publish.files import disk_error

Connection = duckdb.DuckDBPyConnection

MEMORY = "1GB"  # where there is a folder to spill to, so that no mart is too large to publish

_QUOTES_VALUES = re.compile(
    r"((?:Conversion|Invalid Input|Out of Range|Constraint) Error): .*", re.IGNORECASE
)
_RESERVED = frozenset({"", "memory", "system", "temp", "main", "martlet_target", "serving"})


def quoted(*names: str) -> str:
    """A dotted name, every part quoted: `60_day_LTV` is no number then."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def connection(
    *, readable: Sequence[Path] = (), writable: Path | None = None, timezone: str = "UTC"
) -> Iterator[Connection]:
    """An in-memory database from which `readable` files and one `writable` folder can be reached.

    No extension is looked for and the configuration is locked. What takes more than `MEMORY`
    spills into the folder; without one DuckDB takes what it needs.
    """
    writable = writable.absolute() if writable else None
    con = duckdb.connect(
        ":memory:",
        config={
            "autoload_known_extensions": "false",
            "autoinstall_known_extensions": "false",
            "allow_community_extensions": "false",
            "python_enable_replacements": "false",
            **({"memory_limit": MEMORY} if writable else {}),
        },
    )
    try:
        paths = [str(path) + tail for path in readable for tail in ("", ".wal")]
        con.execute(f"set allowed_paths = [{', '.join(map(literal, paths))}]")
        if writable:
            con.execute(f"set allowed_directories = [{literal(str(writable))}]")
        spill = str(writable / "spill") if writable else ""
        con.execute(f"set temp_directory = {literal(spill)}")
        con.execute(f"set TimeZone = {literal(timezone)}")
        con.execute("set enable_external_access = false")
        con.execute("set lock_configuration = true")
        yield con
    finally:
        con.close()


@contextmanager
def opened(
    file: Path, *, timezone: str = "UTC", writable: Path | None = None
) -> Iterator[Connection]:
    """A published file, read-only: `marts.t` names its marts. Sorts may spill into `writable`."""
    file = file.absolute()
    with connection(readable=[file], writable=writable, timezone=timezone) as con:
        attach(con, file, "serving")
        con.execute("use serving.marts")
        yield con


@contextmanager
def opened_source(
    file: Path, *, writable: Path | None = None, also: Sequence[Path] = ()
) -> Iterator[tuple[Connection, str]]:
    """A database to publish from, read-only, and the name it is attached under.

    Views that dbt made name the database by the stem of its file, so it keeps that name. `also`
    are the files that its views may read.
    Raises: BuildFailed `build.source`.
    """
    file = file.absolute()
    if not file.is_file():
        raise BuildFailed(
            "build.source",
            f"There is no database file {file.name}.",
            next_step="Run `martlet build`, or name an existing DuckDB file.",
        )
    with connection(readable=[file, *also], writable=writable) as con:
        alias = _alias(file)
        attach(con, file, alias)
        yield con, alias


def attach(con: Connection, file: Path, alias: str) -> None:
    """Attach a database file to read it. Raises: BuildFailed `build.source`."""
    try:
        con.execute(f"attach {literal(str(file))} as {quoted(alias)} (read_only)")
    except duckdb.Error as error:
        raise BuildFailed(
            "build.source",
            f"{file.name} cannot be opened as a DuckDB database: {_reason(error)}",
            next_step="Close other programs that have the file open, and try again.",
        ) from error


def find_disk_fault(error: duckdb.Error, *places: Path) -> BuildFailed | None:
    """What DuckDB failed at, if that was to write at these places: it names the file then."""
    text = first_line(error)
    named = any(str(place.absolute()) in text for place in places)
    if named or isinstance(error, duckdb.FatalException):
        return disk_error(text.rpartition(": ")[2])
    return None


def first_line(error: Exception) -> str:
    """The first line of an error's text, without the value that it may quote."""
    return without_values(str(error).strip().split("\n", 1)[0])


def without_values(text: str) -> str:
    """The text of an error; of kinds that quote what stands in a cell, the kind alone."""
    return _QUOTES_VALUES.sub(r"\1 (which value, is not told)", text)


def _reason(error: duckdb.Error) -> str:
    """What DuckDB says, without the path; who holds the lock is said on the same line."""
    text = first_line(error)
    return "another program has it open" if "lock" in text.lower() else text


def _alias(file: Path) -> str:
    stem = file.name.split(".", 1)[0]
    return "source" if stem.lower() in _RESERVED else stem
