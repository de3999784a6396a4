"""What `martlet doctor` looks at: versions, files, the published build, a query through it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version

from martlet.ask import Asker, ask_sql
from martlet.errors import MartletError
from martlet.flow.query import Stop
from martlet.house import open_serving
from martlet.publish import store
from martlet.settings import Settings, catalog_path, project_folder

NEEDED_FREE_MB = 500


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    good: bool
    detail: str
    next_step: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Every finding, in order; none of them raises."""
    return [look(settings) for look in LOOKS]


def versions(settings: Settings) -> Finding:
    """Python and the libraries that decide what SQL means."""
    names = ("duckdb", "sqlglot", "mcp", "dbt-core", "dbt-duckdb")
    found = ", ".join(f"{name} {version(name)}" for name in names)
    return Finding("versions", True, f"Python {sys.version.split()[0]}, {found}")


def home_folder(settings: Settings) -> Finding:
    """The home can be written, and only its owner can."""
    home = settings.home
    if not home.exists():
        return Finding("home", False, f"{home} does not exist.", "Run `martlet build` first.")
    if not os.access(home, os.W_OK):
        return Finding("home", False, f"{home} cannot be written.", "Give this user the folder.")
    if home.stat().st_mode & 0o002:
        return Finding("home", False, f"{home} is writable by everyone.", f"chmod o-w {home}")
    return Finding("home", True, str(home))


def disk(settings: Settings) -> Finding:
    """Room for the next build."""
    place = settings.home if settings.home.exists() else settings.home.absolute().parent
    free = shutil.disk_usage(place).free // 1_000_000
    good = free >= NEEDED_FREE_MB
    return Finding("disk", good, f"{free} MB free", "" if good else "Make room for the next build.")


def project(settings: Settings) -> Finding:
    """The dbt project and the catalog are where they are looked for."""
    places = (project_folder(settings), catalog_path(settings))
    lost = [str(place) for place in places if not place.exists()]
    if lost:
        return Finding(
            "project", False, f"not found: {', '.join(lost)}", "Set --project, --catalog."
        )
    return Finding("project", True, f"dbt project {places[0].name}, catalog {places[1].name}")


def build(settings: Settings) -> Finding:
    """The build in force is whole, and its tests."""
    try:
        opened = store.open_build(store.current(settings.home))
    except MartletError as error:
        return Finding("build", False, f"{error.code}: {error.message}", error.next_step)
    state = opened.state
    failed = [test.name for test in state.tests if test.status in ("fail", "error")]
    detail = f"{state.build_id}: {len(state.marts)} marts, {len(state.tests)} tests"
    if failed:
        return Finding("build", False, f"{detail}; failed: {', '.join(failed)}", "Mend the data.")
    return Finding("build", True, detail)


def sandbox(settings: Settings) -> Finding:
    """A query goes through gate and sandbox."""
    try:
        serving = open_serving(store.current(settings.home), settings)
        try:
            answer = ask_sql("select 42 as answer", serving, Asker(settings, Stop()))
        finally:
            serving.engine.close()
    except MartletError as error:
        return Finding("sandbox", False, f"{error.code}: {error.message}", error.next_step)
    good = answer.rows == [[42]]
    return Finding("sandbox", good, f"answered in {answer.seconds:.2f} s")


LOOKS: tuple[Callable[[Settings], Finding], ...] = (
    versions,
    home_folder,
    disk,
    project,
    build,
    sandbox,
)
