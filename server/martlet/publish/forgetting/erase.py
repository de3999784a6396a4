"""Takes a person out of what dbt does not build anew: snapshots, and builds that were published."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import duckdb

from martlet.errors import Unavailable
from martlet.publish import store
from martlet.publish.connect import first_line, literal, quoted
from martlet.publish.files import disk_errors
from martlet.publish.lock import hold
from martlet.publish.pins import forget

_PAUSE = 0.1  # seconds between two looks at whether a build is in use


def delete_rows(home: Path, warehouse: Path, tables: Iterable[str], traces: Sequence[str]) -> int:
    """Delete the rows of tables (`schema.name`) in which a column is one of the texts.

    Raises: Unavailable `build.locked` when another program has the warehouse open.
    """
    wanted = ", ".join(map(literal, traces))
    deleted = 0
    with hold(home), _opened(warehouse) as con:
        for table in tables if traces else ():
            name = quoted(*table.split(".", 1))
            columns = [column for column, *_ in con.execute(f"describe {name}").fetchall()]
            texts = (
                f"lower(cast({quoted(column)} as varchar)) in ({wanted})" for column in columns
            )
            row = con.execute(f"delete from {name} where {' or '.join(texts)}").fetchone()
            deleted += int(row[0]) if row else 0
    return deleted


def forget_builds(home: Path, keep: str, *, seconds: float) -> list[str]:
    """Remove every build but one, the unfinished included; gives the names of those removed.

    Waits up to `seconds` for questions that are under way on them. Raises: Unavailable
    `build.locked` after that, BuildFailed `build.disk`.
    """
    removed = []
    until = time.monotonic() + seconds
    with hold(home), disk_errors():
        store.sweep(home)
        for folder in store.build_folders(home):
            if folder.name == keep:
                continue
            while not forget(folder):
                if time.monotonic() > until:
                    raise _in_use(folder.name)
                time.sleep(_PAUSE)
            removed.append(folder.name)
    return removed


def _opened(warehouse: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(warehouse))
    except duckdb.Error as error:
        raise Unavailable(
            "build.locked",
            f"{warehouse.name} cannot be opened to write: {first_line(error)}",
            next_step="Close other programs that have the file open, and try again.",
        ) from error


def _in_use(build_id: str) -> Unavailable:
    return Unavailable(
        "build.locked",
        f"The build {build_id} is still in use by a question.",
        next_step="Run the same purge again when it has ended.",
    )
