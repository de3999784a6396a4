"""A query on its way: what may be named, what the gate found, what the sandbox gave."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

# A cell is ready for JSON: exact, finite, cleaned of control characters.
Cell = str | int | float | bool | None | list["Cell"] | dict[str, "Cell"]

# Text in, the JSON tree of DuckDB's `json_serialize_sql` out (its error fields included).
Parse = Callable[[str], str]


@dataclass(frozen=True)
class Scope:
    """What one audience may name on one build: mart -> column -> DuckDB type."""

    build_id: str
    audience: str
    marts: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, order=True)
class ColumnRef:
    """A column of a published mart."""

    mart: str
    column: str


@dataclass(frozen=True)
class Output:
    """One output column of a query and the mart columns it is made of.

    `aggregate` names the aggregate that made it ("sum"), or is empty; `plain` means the stored
    value as it is (perhaps renamed), so that unit and meaning carry over.
    """

    name: str
    sources: tuple[ColumnRef, ...] = ()
    aggregate: str = ""
    plain: bool = False


@dataclass(frozen=True)
class ValidatedQuery:
    """A query that the gate let through. Only `gate/gate.py` makes one.

    `columns` are all mart columns read anywhere in the query; when lineage could not be followed
    (`lineage_known` is False) they are all columns of the tables. `outputs` is empty then.
    """

    sql: str
    tables: tuple[str, ...]
    columns: tuple[ColumnRef, ...]
    outputs: tuple[Output, ...]
    lineage_known: bool
    scope: Scope
    tree: str = field(repr=False, default="")


@dataclass(frozen=True)
class NeedsValues:
    """A dynamic PIVOT: run each probe (a validated SELECT DISTINCT), then check again with values.

    `probes[i]` gives the values for the i-th PIVOT; hand them back in the same order.
    """

    probes: tuple[ValidatedQuery, ...]


@dataclass(frozen=True)
class Limits:
    """What one run may give: rows, characters in all cells, characters a cell, seconds."""

    rows: int
    characters: int
    cell_characters: int
    seconds: float


@dataclass(frozen=True)
class ResultColumn:
    """Name and DuckDB type of a result column."""

    name: str
    type: str


@dataclass(frozen=True)
class Rows:
    """What the sandbox gave. `cut` says which limit ended it although there was more.

    `cut_cells` counts cells shortened to the cell limit, `not_finite` those that were NaN or
    infinite and are given as null, `cleaned` those from which control, bidi or zero-width
    characters were taken. `seconds` is the time in DuckDB.
    """

    columns: tuple[ResultColumn, ...]
    values: tuple[tuple[Cell, ...], ...]
    cut: Literal["rows", "characters"] | None = None
    cut_cells: int = 0
    not_finite: int = 0
    cleaned: int = 0
    seconds: float = 0.0


class Stop:
    """Lets a caller end a running query: `set()` wakes whoever waits through `on_set`.

    `client` says for whom the work is, so that those who wait are served in turns; `began` is
    when the call came in (monotonic), from which its one deadline counts.
    """

    def __init__(self, client: str = "") -> None:
        self.client = client
        self.began = time.monotonic()
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []
        self._is_set = False

    @property
    def is_set(self) -> bool:
        return self._is_set

    def set(self) -> None:
        with self._lock:
            self._is_set = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_set(self, callback: Callable[[], None]) -> None:
        """Call `callback` once when set (at once if it is set already)."""
        with self._lock:
            if not self._is_set:
                self._callbacks.append(callback)
                return
        callback()

    def forget(self, callback: Callable[[], None]) -> None:
        """Take a callback back when the wait is over."""
        with self._lock:
            self._callbacks = [item for item in self._callbacks if item is not callback]
