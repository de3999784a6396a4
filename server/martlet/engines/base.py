"""What every engine can do; the rooms above know nothing else of it."""

from __future__ import annotations

from typing import Protocol

from martlet.flow.query import Limits, Rows, Stop, ValidatedQuery
from martlet.flow.wall import Wall


class Engine(Protocol):
    """Runs validated queries over one published build, in processes that can be killed.

    Thread-safe: each method blocks the thread that calls it and no other.
    """

    def parse(self, sql: str, *, seconds: float | None = None, stop: Stop | None = None) -> str:
        """The JSON tree of `json_serialize_sql`, its error fields included; nothing is run.

        Waiting and parsing take `seconds` at most (none: the deadline of one query).
        Raises: RequestError `sql.size`, `query.deadline`, `query.cancelled`; Unavailable
        `server.busy`, `server.sandbox_died`, `build.broken`.
        """

    def run(self, query: ValidatedQuery, limits: Limits, stop: Stop | None = None) -> Rows:
        """The rows within `limits`, ready for JSON; `limits.seconds` hold for wait and run.

        Raises: RequestError `sql.failed`, `sql.memory`, `sql.size`, `query.deadline`,
        `query.cancelled`; UnknownName `sql.unknown_column`; Unavailable `server.busy`,
        `server.sandbox_died`, `build.broken`.
        """

    @property
    def walls(self) -> tuple[Wall, ...]:
        """What the system keeps the processes from, as they reported when they started."""

    def close(self) -> None:
        """Ends every process; calls under way fail with `server.sandbox_died`."""
