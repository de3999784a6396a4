"""DuckDB as an engine: sandbox processes over one published file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from martlet.engines import failures
from martlet.engines.pool import Lease, Pool, cancelled
from martlet.engines.worker import Startup, Worker, WorkerDied, WorkerKilled
from martlet.errors import RequestError, Unavailable
from martlet.flow.query import Limits, ResultColumn, Rows, Stop, ValidatedQuery
from martlet.flow.wall import Wall
from martlet.settings import Settings

PARSE_SECONDS = 5.0


class DuckDbEngine:
    """The pool of sandboxes over one published file; see `engines.base.Engine`.

    The file is attached as `serving` with its marts in the search path, so that `t`, `marts.t`
    and `serving.marts.t` name the same mart.
    """

    def __init__(self, published_file: Path, settings: Settings) -> None:
        self._settings = settings
        self._pool = Pool(Startup(published_file, settings))

    def parse(self, sql: str, *, seconds: float | None = None, stop: Stop | None = None) -> str:
        given = self._settings.deadline_seconds if seconds is None else seconds
        end = time.monotonic() + given
        with self._pool.lease("parse", end, stop) as lease:
            try:
                reply = lease.worker.ask(
                    {"parse": sql},
                    seconds=min(PARSE_SECONDS, end - time.monotonic()),
                    grace=self._settings.kill_after_seconds,
                    stop=stop,
                )
            except WorkerKilled as error:
                raise _unparsed(stop) from error
            except WorkerDied as error:
                raise cancelled() if _is_set(stop) else _died() from error
            tree = reply.get("tree")
            if isinstance(tree, str):
                return tree
            lease.worker.spoil()
            raise failures.from_reply(reply, None)

    def run(self, query: ValidatedQuery, limits: Limits, stop: Stop | None = None) -> Rows:
        """One deadline holds for waiting and running together.

        A query in a short turn that does not end in it starts again in a turn of its own.
        """
        end = time.monotonic() + limits.seconds
        may_be_short = True
        while True:
            if stop is not None and stop.is_set:
                raise cancelled()
            with self._pool.lease("run", end, stop, may_be_short=may_be_short) as lease:
                reply = self._reply(lease, query, limits, end, stop)
            if reply is not None:
                break
            may_be_short = False
        if "failed" in reply:
            raise failures.from_reply(reply, query)
        return _rows(reply)

    def close(self) -> None:
        self._pool.close()

    @property
    def walls(self) -> tuple[Wall, ...]:
        return self._pool.walls

    @property
    def pids(self) -> list[int]:
        """The processes there are now, for operators and tests."""
        return self._pool.pids

    def _reply(
        self, lease: Lease, query: ValidatedQuery, limits: Limits, end: float, stop: Stop | None
    ) -> dict[str, Any] | None:
        """What the sandbox says; None when a short turn ended before the query did."""
        left = end - time.monotonic()
        try:
            reply = lease.worker.ask(
                _request(query, limits),
                seconds=min(left, lease.seconds),
                grace=self._settings.kill_after_seconds,
                stop=stop,
            )
        except WorkerKilled as error:
            if lease.seconds < left and not _is_set(stop):
                return None
            raise _ended(self._settings.deadline_seconds, stop) from error
        except WorkerDied as error:
            raise cancelled() if _is_set(stop) else _died() from error
        if not lease.worker.is_usable and "failed" in reply:
            if lease.seconds < left and not _is_set(stop):
                return None
            raise _ended(self._settings.deadline_seconds, stop)
        if failures.spoils(reply) or _has_grown(reply, lease.worker, self._settings):
            lease.worker.spoil()
        return reply


def _request(query: ValidatedQuery, limits: Limits) -> dict[str, Any]:
    return {
        "run": query.sql,
        "rows": limits.rows,
        "characters": limits.characters,
        "cell_characters": limits.cell_characters,
    }


def _rows(reply: dict[str, Any]) -> Rows:
    return Rows(
        columns=tuple(ResultColumn(name, kind) for name, kind in reply["columns"]),
        values=tuple(tuple(row) for row in reply["rows"]),
        cut=reply["cut"],
        cut_cells=reply["cut_cells"],
        not_finite=reply["not_finite"],
        cleaned=reply["cleaned"],
        seconds=reply["seconds"],
    )


def _has_grown(reply: dict[str, Any], worker: Worker, settings: Settings) -> bool:
    """By more than DuckDB may hold, since it started."""
    grown = reply.get("resident", 0) - worker.resident_at_start
    return bool(grown > settings.sandbox_memory_mb << 20)


def _is_set(stop: Stop | None) -> bool:
    return stop is not None and stop.is_set


def _ended(deadline: float, stop: Stop | None) -> RequestError:
    if _is_set(stop):
        return cancelled()
    return RequestError(
        "query.deadline",
        f"The call was not done within its {deadline:.3g} seconds, and the query was stopped.",
        next_step="Filter to a shorter time range, aggregate before joining, or ask for less.",
    )


def _unparsed(stop: Stop | None) -> RequestError:
    if _is_set(stop):
        return cancelled()
    return RequestError(
        "sql.size",
        f"The SQL could not be parsed within {PARSE_SECONDS:g} seconds.",
        next_step="Write a shorter query, with less nesting.",
    )


def _died() -> Unavailable:
    return Unavailable(
        "server.sandbox_died",
        "The sandbox process ended while it worked on the query.",
        next_step="Try again; if it ends again, write the query in a simpler way.",
    )
