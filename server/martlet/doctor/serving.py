"""Looks at what is served: the project, the build in force, and a query through the sandbox."""

from __future__ import annotations

import sys

from martlet.ask import Asker, ask_sql
from martlet.doctor.finding import Finding
from martlet.errors import MartletError
from martlet.flow.query import Stop
from martlet.house import open_serving
from martlet.publish import store
from martlet.settings import Settings, catalog_path, project_folder

# What the system adds to DuckDB's own lock; docs/operations.md says what each is for.
BOUNDS = {
    "linux": "no new privileges, bounded memory and files, ends with the server",
    "darwin": "bounded files; this system does not bound a process's memory",
}


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
    bounds = BOUNDS.get(sys.platform, "no bounds of this system are known")
    step = "" if good else "Install Martlet's own set of libraries again."
    return Finding("sandbox", good, f"answered in {answer.seconds:.2f} s; {bounds}", step)
