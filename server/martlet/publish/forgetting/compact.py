"""Writes a database anew: a DuckDB file keeps what was deleted in blocks that it may use again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import duckdb

from martlet.publish.connect import first_line, literal, quoted
from martlet.publish.files import disk_error, disk_errors, force


def compact(database: Path) -> None:
    """Put a copy of what the database holds now in its place, and remove what it left beside.

    The old file stays until the new one is whole. Raises: BuildFailed `build.disk`.
    """
    beside = database.with_name(f".{database.name}.{os.getpid()}")
    alias = database.name.split(".", 1)[0]
    with disk_errors():
        sweep(database)
        try:
            _copy(database, alias, beside)
            os.replace(beside, database)
            force(database.parent)
        finally:
            beside.unlink(missing_ok=True)
            Path(f"{beside}.wal").unlink(missing_ok=True)


def sweep(database: Path) -> None:
    """Remove what a killed process left: copies half made, and folders for large sorts."""
    for left in database.parent.glob(f".{database.name}.*"):
        left.unlink()
    for tail in (".tmp", ".spill"):
        shutil.rmtree(f"{database}{tail}", ignore_errors=True)


def _copy(database: Path, alias: str, beside: Path) -> None:
    """Views name the database by the stem of its file, so it is attached under it.

    Attaching to write takes in what a writer that died left in the log beside the file.
    """
    try:
        with duckdb.connect(":memory:") as con:
            con.execute("set TimeZone = 'UTC'")
            con.execute(f"set temp_directory = {literal(f'{beside}.spill')}")
            con.execute(f"attach {literal(str(database))} as {quoted(alias)}")
            con.execute(f"checkpoint {quoted(alias)}")
            con.execute(f"attach {literal(str(beside))} as martlet_fresh")
            con.execute(f"copy from database {quoted(alias)} to martlet_fresh")
            con.execute("detach martlet_fresh")
    except duckdb.Error as error:
        raise disk_error(first_line(error)) from error
    finally:
        shutil.rmtree(f"{beside}.spill", ignore_errors=True)
