"""The house: the build that is in force, opened, and swapped when a new one is published."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from martlet.audit import AuditLog, Vocabulary, make_vocabulary
from martlet.catalog.search import Index
from martlet.engines.base import Engine
from martlet.engines.duckdb import DuckDbEngine
from martlet.errors import Unavailable
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.flow.query import Scope
from martlet.gate.gate import Gate
from martlet.metrics.compiler import Compiler
from martlet.metrics.graph import Graph
from martlet.metrics.names import Names
from martlet.publish import store
from martlet.publish.pins import Pin
from martlet.settings import Settings

PATIENCE_SECONDS = 5.0


@dataclass
class Serving:
    """One build as it answers questions. A request keeps the one it began with to its end."""

    folder: Path
    state: BuildState
    catalog: Catalog
    engine: Engine
    scope: Scope
    gate: Gate
    users: int = 0
    retired: bool = False
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @cached_property
    def index(self) -> Index:
        """The search index; built when it is first asked for."""
        return Index(self.catalog, self.state)

    @cached_property
    def compiler(self) -> Compiler:
        """The metric compiler over this build's catalog."""
        return Compiler(self.catalog, self.state)

    @cached_property
    def groupings(self) -> dict[str, tuple[str, ...]]:
        """Which dimensions each metric may be grouped by."""
        names = Names(self.catalog, Graph(self.catalog, self.state))
        return {metric: tuple(names.groupings(metric)) for metric in self.catalog.metrics}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words that the audit log may keep as they are."""
        return make_vocabulary(self.catalog, self.state)

    def enter(self) -> None:
        with self._lock:
            self.users += 1

    def leave(self) -> None:
        with self._lock:
            self.users -= 1
        self._close_if_done()

    def retire(self) -> None:
        """No new request comes here; the sandboxes end with the last one that is under way."""
        with self._lock:
            self.retired = True
        self._close_if_done()

    def _close_if_done(self) -> None:
        with self._lock:
            done = self.retired and self.users == 0
        if done:
            self.engine.close()


class House:
    """Opens the current build at need and follows the pointer from then on. Thread-safe."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.audit = AuditLog(settings)
        self._lock = threading.Lock()
        self._opening = threading.Lock()
        self._serving: Serving | None = None

    @contextmanager
    def serving(self) -> Iterator[Serving]:
        """The build in force, pinned for one request: until it ends, the build is not forgotten.

        Raises: Unavailable `build.missing` or `build.broken`. A newer build that cannot be opened
        leaves the one that is open in force only until the pointer changes again: a broken build
        is an error, not an older number.
        """
        serving, pin = self._take()
        try:
            yield serving
        finally:
            pin.release()
            serving.leave()

    def _take(self) -> tuple[Serving, Pin]:
        """The build in force, opened and held. One that was forgotten since the pointer was read,
        or while a newer one was opened, is no failure: the pointer names another by then."""
        folder, patience = store.current(self.settings.home), PATIENCE_SECONDS
        while True:
            try:
                return self._enter(folder, patience)
            except Unavailable:
                now = store.current(self.settings.home)
                if now == folder and patience < 0:
                    raise
                folder, patience = now, -1

    def _enter(self, folder: Path, patience: float) -> tuple[Serving, Pin]:
        with self._lock:
            serving = self._serving
        if serving is None or serving.folder != folder:
            self._follow(patience if serving else -1)
        with self._lock:
            if self._serving is None:
                raise store.broken(folder.name, "the server is closing")
            serving = self._serving
            serving.enter()
        try:
            return serving, Pin(serving.folder)
        except Unavailable:
            serving.leave()
            raise

    def _follow(self, patience: float) -> None:
        """Open what the pointer names. Hashing gigabytes takes long, so one request does it, and
        those that have waited for `patience` seconds go on with the build that is open."""
        if not self._opening.acquire(timeout=patience):
            return
        try:
            folder, older = store.current(self.settings.home), self._serving
            if older is not None and older.folder == folder:
                return
            newer = open_serving(folder, self.settings)
            with self._lock:
                self._serving = newer
            if older is not None:
                older.retire()
        finally:
            self._opening.release()

    def close(self) -> None:
        """End the sandboxes."""
        with self._lock:
            if self._serving is not None:
                self._serving.retire()
                self._serving = None


def open_serving(folder: Path, settings: Settings) -> Serving:
    """Open one published build for questions.

    Raises: Unavailable `build.broken`.
    """
    build = store.open_build(folder)
    return Serving(
        folder=folder,
        state=build.state,
        catalog=build.catalog,
        engine=DuckDbEngine(build.database, settings),
        scope=scope_of(build.state),
        gate=Gate(),
    )


def scope_of(state: BuildState) -> Scope:
    """What may be named on a build: its published marts and columns, nothing else."""
    marts = {
        name: {column: profile.type for column, profile in mart.columns.items()}
        for name, mart in state.marts.items()
    }
    return Scope(build_id=state.build_id, audience=state.audience, marts=marts)
