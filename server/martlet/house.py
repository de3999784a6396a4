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
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.flow.query import Scope
from martlet.gate.gate import Gate
from martlet.metrics.compiler import Compiler
from martlet.metrics.graph import Graph
from martlet.metrics.names import Names
from martlet.publish import store
from martlet.settings import Settings


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
        self._serving: Serving | None = None

    @contextmanager
    def serving(self) -> Iterator[Serving]:
        """The build in force, pinned for one request.

        Raises: Unavailable `build.missing` or `build.broken`. A newer build that cannot be opened
        leaves the one that is open in force only until the pointer changes again: a broken build
        is an error, not an older number.
        """
        serving = self._take()
        try:
            yield serving
        finally:
            serving.leave()

    def _take(self) -> Serving:
        with self._lock:
            folder = store.current(self.settings.home)
            if self._serving is None or self._serving.folder != folder:
                newer = open_serving(folder, self.settings)
                if self._serving is not None:
                    self._serving.retire()
                self._serving = newer
            self._serving.enter()
            return self._serving

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
