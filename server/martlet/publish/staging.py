"""A small database of views over files, so that files are published the way a database is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from martlet.errors import BuildFailed
from martlet.publish.connect import (
    connection,
    find_disk_fault,
    first_line,
    literal,
    quoted,
)
from martlet.publish.files import disk_errors

DATABASE = "handed"
_INCOMING = ".incoming-"


@contextmanager
def working_folder(home: Path) -> Iterator[Path]:
    """An empty folder in the home that goes at the end; those of processes that died go now.

    Raises: BuildFailed `build.disk`.
    """
    with disk_errors():
        home.mkdir(parents=True, exist_ok=True)
        for left in home.glob(f"{_INCOMING}*"):
            if not _is_alive(int(left.name.removeprefix(_INCOMING).partition("-")[0])):
                shutil.rmtree(left)
        folder = TemporaryDirectory(prefix=f"{_INCOMING}{os.getpid()}-", dir=home.absolute())
    with folder as name:
        yield Path(name)


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's, so there is one
        return True
    return True


@dataclass(frozen=True)
class Staged:
    """A relation of a staging database: `kind` is view, or table for what is read only once."""

    schema: str
    name: str
    query: str
    files: tuple[Path, ...]
    kind: str = "view"


def stage(folder: Path, relations: Sequence[Staged]) -> Path:
    """A database in the folder that holds the relations, each reading its own files.

    Raises: BuildFailed `build.source` for a file that cannot be read as it is said to be,
    `build.disk` when the folder cannot be written.
    """
    database = folder / f"{DATABASE}.duckdb"
    files = [file for relation in relations for file in relation.files]
    with connection(readable=files, writable=folder) as con:
        with _faults(database, database):
            con.execute(f"attach {literal(str(database))} as {DATABASE}")
        for relation in relations:
            name = quoted(DATABASE, relation.schema, relation.name)
            with _faults(database, relation.files[0]):
                con.execute(f"create schema if not exists {quoted(DATABASE, relation.schema)}")
                con.execute(f"create {relation.kind} {name} as {relation.query}")
        with _faults(database, database):
            con.execute(f"checkpoint {DATABASE}")
            con.execute(f"detach {DATABASE}")
    return database


@contextmanager
def _faults(database: Path, file: Path) -> Iterator[None]:
    """Says which side failed: what is written, or the file that is read."""
    try:
        yield
    except duckdb.Error as error:
        fault = find_disk_fault(error, database, database.parent / "spill")
        raise fault or unreadable(file, error) from error


def unreadable(file: Path, error: duckdb.Error) -> BuildFailed:
    """The error for a file that DuckDB cannot read, without the place where it lies."""
    reason = first_line(error).replace(f"{file.absolute().parent}/", "")
    return BuildFailed(
        "build.source",
        f"{file.name} cannot be read: {reason}",
        next_step="Write it again; what is published now stays in force.",
    )
