"""Looks at what is served: the project, the build in force, and a query through the sandbox."""

from __future__ import annotations

from martlet.ask import Asker, ask_sql
from martlet.doctor.finding import Finding
from martlet.errors import MartletError
from martlet.flow.query import Stop
from martlet.house import open_serving
from martlet.publish import store
from martlet.settings import Settings, find_catalog, project_folder

NO_WALLS = "docs/gate.md says what each wall keeps away, and what to do without."


def project(settings: Settings) -> Finding:
    """The dbt project and the catalog are where they are looked for."""
    folder, catalog = project_folder(settings), find_catalog(settings)
    lost = [str(place) for place in (folder, catalog) if place and not place.exists()]
    if lost:
        return Finding(
            "project", False, f"not found: {', '.join(lost)}", "Set --project, --catalog."
        )
    told = f"catalog {catalog.name}" if catalog else "no catalog"
    return Finding("project", True, f"dbt project {folder.absolute().name}, {told}")


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
    """A query goes through gate and sandbox, and the system walls the sandbox in."""
    try:
        serving = open_serving(store.current(settings.home), settings)
        try:
            answer = ask_sql("select 42 as answer", serving, Asker(settings, Stop()))
            walls = serving.engine.walls
        finally:
            serving.engine.close()
    except MartletError as error:
        return Finding("sandbox", False, f"{error.code}: {error.message}", error.next_step)
    if answer.rows != [[42]]:
        step = "Install Martlet's own set of libraries again."
        return Finding("sandbox", False, "a query was answered wrongly", step)
    said = [f"{'' if wall.stands else 'NO '}{wall.name} ({wall.detail})" for wall in walls]
    step = "" if all(wall.stands for wall in walls) else NO_WALLS
    detail = "; ".join([f"answered in {answer.seconds:.2f} s", *said])
    return Finding("sandbox", True, detail, step)
