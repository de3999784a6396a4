"""DuckDB as an engine: sandbox processes over one published file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from martlet.engines import failures
from martlet.engines.pool import Pool, cancelled
from martlet.engines.worker import Startup, Worker, WorkerDied, WorkerKilled
from martlet.errors import RequestError, Unavailable
from martlet.flow.query import Limits, ResultColumn, Rows, Stop, ValidatedQuery
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

    def parse(self, sql: str) -> str:
        with self._pool.lease("parse", self._settings.deadline_seconds) as worker:
            try:
                reply = worker.ask(
                    {"parse": sql},
                    seconds=PARSE_SECONDS,
                    grace=self._settings.kill_after_seconds,
                )
            except WorkerKilled as error:
                raise RequestError(
                    "sql.size",
                    f"The SQL could not be parsed within {PARSE_SECONDS:g} seconds.",
                    next_step="Write a shorter query, with less nesting.",
                ) from error
            except WorkerDied as error:
                raise _died() from error
            tree = reply.get("tree")
            if isinstance(tree, str):
                return tree
            worker.spoil()
            raise failures.from_reply(reply, None)

    def run(self, query: ValidatedQuery, limits: Limits, stop: Stop | None = None) -> Rows:
        if stop is not None and stop.is_set:
            raise cancelled()
        with self._pool.lease("run", limits.seconds, stop) as worker:
            try:
                reply = self._ask(worker, query, limits, stop)
            except WorkerKilled as error:
                raise _ended(limits, stop) from error
            except WorkerDied as error:
                raise cancelled() if _is_set(stop) else _died() from error
            if not worker.is_usable and "failed" in reply:
                raise _ended(limits, stop)
            if failures.spoils(reply) or _has_grown(reply, self._settings):
                worker.spoil()
        if "failed" in reply:
            raise failures.from_reply(reply, query)
        return _rows(reply)

    def close(self) -> None:
        self._pool.close()

    @property
    def pids(self) -> list[int]:
        """The processes there are now, for operators and tests."""
        return self._pool.pids

    def _ask(
        self, worker: Worker, query: ValidatedQuery, limits: Limits, stop: Stop | None
    ) -> dict[str, Any]:
        request = {
            "run": query.sql,
            "rows": limits.rows,
            "characters": limits.characters,
            "cell_characters": limits.cell_characters,
        }
        return worker.ask(
            request, seconds=limits.seconds, grace=self._settings.kill_after_seconds, stop=stop
        )


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


def _has_grown(reply: dict[str, Any], settings: Settings) -> bool:
    return bool(reply.get("resident", 0) > settings.sandbox_memory_mb << 20)


def _is_set(stop: Stop | None) -> bool:
    return stop is not None and stop.is_set


def _ended(limits: Limits, stop: Stop | None) -> RequestError:
    if _is_set(stop):
        return cancelled()
    return RequestError(
        "query.deadline",
        f"The query ran longer than {limits.seconds:g} seconds and was stopped.",
        next_step="Filter to a shorter time range, aggregate before joining, or ask for less.",
    )


def _died() -> Unavailable:
    return Unavailable(
        "server.sandbox_died",
        "The sandbox process ended while it worked on the query.",
        next_step="Try again; if it ends again, write the query in a simpler way.",
    )
