"""Which dbt runs a project: the one that is set, the project's own, or ours."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from martlet.errors import BuildFailed
from martlet.publish.dbt import launch
from martlet.publish.dbt.choice import FILE, load_project_file
from martlet.settings import Settings

OURS = "MARTLET_WAREHOUSE"  # the variable by which a profile takes the home's own warehouse
_WHERE = "select path from duckdb_databases() where database_name = current_database()"


def dbt_command(project: Path, settings: Settings) -> list[str]:
    """The words that start dbt for a project; the process they start ends with this one.

    In this order: the setting `dbt_command`, `[dbt] command` in martlet.toml, `.venv/bin/dbt` in
    the project or above it in the same repository, the dbt installed with Martlet.
    Raises: BuildFailed `build.source` when the one that is set does not exist.
    """
    ours = [sys.executable, "-P", str(launch.__file__)]
    told = settings.dbt_command or load_project_file(project).dbt.command
    own = _own_dbt(project)
    if told:
        return [*ours, "--", *_found(shlex.split(told), project)]
    return [*ours, "--", str(own)] if own else ours


def uses_home(project: Path) -> bool:
    """Whether the project's profile takes the home's warehouse."""
    profiles = project / "profiles.yml"
    return profiles.is_file() and OURS in profiles.read_text(encoding="utf-8")


def profile_options(project: Path) -> tuple[str, ...]:
    """The project's own profiles, where it has them; else dbt looks where it always looks."""
    has = (project / "profiles.yml").is_file()
    return ("--profiles-dir", str(project)) if has else ()


def ask_warehouse(command: list[str], project: Path, environment: Mapping[str, str]) -> Path:
    """The DuckDB file that dbt's profile names, as the DuckDB behind it says.

    Raises: BuildFailed `build.source` when there is none: another warehouse, or one in memory.
    """
    words = [
        *command,
        *("--quiet", "--no-use-colors", "show", "--inline", _WHERE, "--output", "json"),
        *("--project-dir", str(project), *profile_options(project)),
    ]
    with subprocess.Popen(
        words,
        env=dict(environment),
        cwd=project,
        stdin=subprocess.PIPE,  # held open: dbt ends when it is closed
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
    ) as process:
        path = _path(process.stdout.read() if process.stdout else "")
        code = process.wait()
    if code or not path or not (project / path).is_file():
        raise BuildFailed(
            "build.source",
            "The warehouse of this dbt project is not a DuckDB file that can be found.",
            next_step="Name it with --warehouse; hand over the marts of another warehouse as "
            "Parquet (`martlet publish --from-parquet`).",
        )
    return project / path


def _path(text: str) -> str:
    """The path in what dbt shows; it may say other things first."""
    start = text.find('{\n  "show"')
    try:
        return str(json.loads(text[start:])["show"][0]["path"] or "")
    except (ValueError, LookupError, TypeError):
        return ""


def _own_dbt(project: Path) -> Path | None:
    """dbt in an environment of the project's own, unless that is the one we run in."""
    for folder in (project, *project.parents):
        found = folder / ".venv" / "bin" / "dbt"
        if found.is_file():
            return None if found.parent.parent.samefile(sys.prefix) else found
        if (folder / ".git").exists():
            break
    return None


def _found(words: list[str], project: Path) -> list[str]:
    """The command with a relative path taken from the project."""
    first = Path(words[0]) if words else Path()
    if len(first.parts) < 2:
        return words
    if not (project / first).is_file():
        raise BuildFailed(
            "build.source",
            f"There is no dbt at {first}.",
            where=f"MARTLET_DBT_COMMAND or {FILE}: [dbt] command",
            next_step="Name the dbt of the project's environment, such as .venv/bin/dbt.",
        )
    return [str(project / first), *words[1:]]
