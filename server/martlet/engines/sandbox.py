"""The sandbox process: one DuckDB over one published file, with no way out.

Imports the standard library and DuckDB only: a sandbox starts with every server and again after
every runaway query. It trusts its parent and nothing else; its parent trusts nothing it says.
Walls go up as early as they can: the one of files before there is a second thread, since it holds
for one thread and its children; the one of system calls once the published file is open.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from martlet.engines import frames, sandbox_cells, sandbox_time, sandbox_types, walls
from martlet.flow.wall import Wall

REQUESTS, REPLIES = 0, 1
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38
OPEN_FILES = 64
MOST_COLUMNS = 1_000

CONFIG = {
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_unsigned_extensions": "false",
    "allow_extension_repositories": "forbidden",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}
# In this order: the file is attached while files may still be opened; the lock comes last.
HARDENING = (
    "use serving.marts",
    "detach memory",
    "set enable_progress_bar = false",
    "set TimeZone = 'UTC'",
    "set max_expression_depth = 400",
    "set catalog_error_max_schemas = 0",
    "set enable_external_access = false",
    "set lock_configuration = true",
)


def main() -> None:
    """Serves requests until the parent closes the pipe."""
    control = int(sys.argv[1])
    startup = frames.read(REQUESTS)
    if startup is None:
        return
    _limit_process(startup)
    memory = Memory()
    import duckdb  # after the limits, so that they hold for everything it does

    try:
        connection, standing = enclose(duckdb, startup, Watch(control))
    except (duckdb.IOException, duckdb.SerializationException, duckdb.CatalogException) as error:
        _reply(dict(_failure(error), failed="file"))
        return
    except duckdb.Error as error:
        _reply(_failure(error))
        return
    _reply({"ready": True, "walls": standing, "resident": memory.resident_bytes()})
    _serve(connection, memory, (duckdb.Error, MemoryError, RecursionError))


def enclose(duckdb: Any, startup: dict[str, Any], watch: Watch) -> tuple[Any, tuple[Wall, ...]]:
    """The connection to the published file, and the walls that stand round this process."""
    sandbox_time.stand_in()
    files = walls.raise_files(Path(startup["file"]))
    threading.Thread(target=watch.run, daemon=True).start()
    connection = _connect(duckdb, startup)
    watch.connection = connection
    return connection, (files, walls.raise_calls())


def _serve(connection: Any, memory: Memory, expected: tuple[type[BaseException], ...]) -> None:
    while (request := frames.read(REQUESTS)) is not None:
        try:
            if "parse" in request:
                _reply(_parse(connection, request))
            else:
                _reply(dict(_run(connection, request), resident=memory.resident_bytes()))
        except expected as error:
            _reply(_failure(error))


def _parse(connection: Any, request: dict[str, Any]) -> dict[str, Any]:
    row = connection.execute("select json_serialize_sql(?)", [request["parse"]]).fetchone()
    return {"tree": row[0]}


def _run(connection: Any, request: dict[str, Any]) -> dict[str, Any]:
    """The answer, and nothing of the query at work behind it.

    A result that is not read to its end goes on in DuckDB's threads, and the next statement
    waits for it: an endless recursion would hold it up for good.
    """
    try:
        return _answer(connection, request)
    finally:
        connection.interrupt()


def _answer(connection: Any, request: dict[str, Any]) -> dict[str, Any]:
    began = time.perf_counter()
    result = connection.execute(request["run"])
    described = result.description or []
    if len(described) > MOST_COLUMNS:
        return {"failed": "columns", "count": len(described), "most": MOST_COLUMNS}
    headings = sandbox_cells.headings(described)
    if sum(len(name) + len(kind) for name, kind in headings) > request["characters"]:
        return {"failed": "headings", "count": len(described), "most": request["characters"]}
    kinds = [column[1] for column in described]
    if any(sandbox_types.has_type(kind, sandbox_types.LOSSY) for kind in kinds):
        connection.interrupt()
        result = connection.execute(_as_text(request["run"], kinds, sandbox_types.LOSSY))
    limits = sandbox_cells.CellLimits(
        rows=request["rows"],
        characters=request["characters"],
        cell_characters=request["cell_characters"],
    )
    taken = sandbox_cells.take(kinds, result.fetchmany, limits)
    if taken.pop("doubtful"):
        lossy = sandbox_types.LOSSY | sandbox_types.MOMENTS
        connection.interrupt()
        result = connection.execute(_as_text(request["run"], kinds, lossy))
        taken = sandbox_cells.take(kinds, result.fetchmany, limits)
        del taken["doubtful"]
    taken["columns"] = headings
    taken["seconds"] = time.perf_counter() - began
    return taken


def _as_text(sql: str, kinds: list[Any], lossy: frozenset[str]) -> str:
    """The same query with values of those types as text, which Python's types would change."""
    names = [f"c{i}" for i in range(len(kinds))]
    columns = [
        f"cast({name} as {sandbox_types.text_type(kind, lossy)})"
        if sandbox_types.has_type(kind, lossy)
        else name
        for name, kind in zip(names, kinds, strict=True)
    ]
    body = _without_end(sql)
    return f"select {', '.join(columns)} from (\n{body}\n) as given({', '.join(names)})"


def _without_end(sql: str) -> str:
    """The one statement without the semicolons and comments behind it."""
    import duckdb

    text = sql.encode()
    for start, kind in reversed(duckdb.tokenize(sql)):
        if kind != duckdb.token_type.comment and text[start : start + 1] != b";":
            break
        text = text[:start]
    return text.decode()


def _failure(error: BaseException) -> dict[str, Any]:
    return {"failed": "error", "type": type(error).__name__, "text": str(error)[:4_000]}


def _reply(message: dict[str, Any]) -> None:
    frames.write(REPLIES, frames.encode(message))


def _connect(duckdb: Any, startup: dict[str, Any]) -> Any:
    config = dict(CONFIG, memory_limit=f"{startup['memory_mb']}MB", threads=str(startup["threads"]))
    # The parent interrupts first; this one holds when the parent cannot.
    config["max_execution_time"] = str(int(startup["deadline_seconds"] * 1000) + 1000)
    connection = duckdb.connect(":memory:", config=config)
    path = str(startup["file"]).replace("'", "''")
    connection.execute(f"attach '{path}' as serving (read_only)")
    for statement in HARDENING:
        connection.execute(statement)
    return connection


def _limit_process(startup: dict[str, Any]) -> None:
    """No core, no written byte, few files, bounded memory; gone when the parent is gone."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if os.getppid() != startup["parent"]:
        os._exit(0)
    os.rmdir(os.getcwd())  # nothing can be made in a folder that is gone
    for what, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_AS, startup["address_space_mb"] << 20),
    ):
        # macOS does not enforce an address space and says so.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


class Memory:
    """What this process holds. Its figures are opened before nothing can be opened any more."""

    def __init__(self) -> None:
        self._figures: int | None = None
        with contextlib.suppress(OSError):
            self._figures = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)

    def resident_bytes(self) -> int:
        """Now, or at its peak where the system tells no more."""
        if self._figures is None:
            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return int(os.pread(self._figures, 100, 0).split()[1]) * resource.getpagesize()


class Watch:
    """Waits on the control pipe: a byte interrupts the query, its end ends the process."""

    def __init__(self, control: int) -> None:
        self.control = control
        self.connection: Any = None

    def run(self) -> None:
        while os.read(self.control, 1):
            if self.connection is not None:
                self.connection.interrupt()
        os._exit(0)
