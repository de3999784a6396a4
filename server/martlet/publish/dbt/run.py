"""One run of `dbt build` in a process of its own, followed live."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from martlet.errors import BuildFailed
from martlet.publish.dbt.artifacts import Results, read_results
from martlet.publish.dbt.command import (
    OURS,
    ask_warehouse,
    dbt_command,
    profile_options,
    uses_home,
)
from martlet.publish.dbt.events import DbtEvent, read_event
from martlet.publish.dbt.faults import refuse_bad_sources
from martlet.publish.files import disk_errors, write_whole
from martlet.publish.forgetting.suppression import SuppressionList
from martlet.publish.lock import hold
from martlet.publish.source import Fingerprint, fingerprint
from martlet.settings import Settings

LOG = "dbt/logs/dbt.log"
_RUN_FILE = "martlet_run.json"
_PARSED = "partial_parse.msgpack"
_SHOWN = 10  # failures listed in an error; the log has all


@dataclass(frozen=True)
class DbtRun:
    """A dbt run that ended: its artifacts in `target`, and the warehouse as it left it."""

    project: Path
    target: Path
    warehouse: Path
    invocation_id: str
    fingerprint: Fingerprint
    seconds: float


def run_dbt(
    project: Path,
    home: Path,
    settings: Settings,
    *,
    full_refresh: bool = False,
    variables: Mapping[str, str] | None = None,
    on_event: Callable[[DbtEvent], None],
) -> DbtRun:
    """Run `dbt build` with the project's dbt on the project's warehouse; events arrive meanwhile.

    dbt ends when this process does, and finds `variables` in its environment.
    Raises: BuildFailed `build.locked`, `build.disk`, `build.source` when dbt or its DuckDB file is
    not found, `build.sources`, `build.dbt_failed`, `build.tests_failed` unless failed tests are
    published marked.
    """
    project, home = project.absolute(), home.absolute()
    with hold(home):
        target = _fresh_target(home)
        began = time.perf_counter()
        command = dbt_command(project, settings)
        environment = {**_environment(home, settings), **(variables or {})}
        words = [*command, *_build_words(project, full_refresh)]
        heard = _run(words, environment, project, home, on_event)
        _refuse_unfinished(target, heard)
        warehouse = _warehouse(project, home, settings, command, environment)
        seconds = round(time.perf_counter() - began, 3)
        run = DbtRun(
            project, target, warehouse, heard.invocation_id, fingerprint(warehouse), seconds
        )
        _keep(run, home)
        results = read_results(target)
        refuse_failed_models(results)
        _refuse_failed_tests(results, settings)
    return run


def last_run(project: Path, home: Path) -> DbtRun:
    """The last run of dbt in this home. Raises: BuildFailed `build.source` when there is none."""
    target = home.absolute() / "dbt" / "target"
    try:
        kept = json.loads((target / _RUN_FILE).read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BuildFailed(
            "build.source",
            "dbt has not built anything in this home yet.",
            next_step="Run `martlet build`, or publish a file with --from-database.",
        ) from error
    return DbtRun(
        project=project.absolute(),
        target=target,
        warehouse=home.absolute() / kept["warehouse"],
        invocation_id=kept["invocation_id"],
        fingerprint=Fingerprint(**kept["fingerprint"]),
        seconds=kept["seconds"],
    )


def keep_compacted(run: DbtRun, home: Path) -> None:
    """The warehouse was written anew with what it held: the run's tests still speak of it.

    Only for who holds the home's lock. Raises: BuildFailed `build.disk`.
    """
    _keep(replace(run, fingerprint=fingerprint(run.warehouse)), home.absolute())


@dataclass(frozen=True)
class _Heard:
    """What a finished process said."""

    code: int
    invocation_id: str
    errors: tuple[str, ...]


def _fresh_target(home: Path) -> Path:
    """A folder without artifacts, so that none of an earlier run can be taken for new.

    What dbt has parsed stays: dbt holds it against every file, and reads anew what changed.
    """
    target = home / "dbt" / "target"
    with disk_errors():
        target.mkdir(parents=True, exist_ok=True)
        for entry in target.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != _PARSED:
                entry.unlink()
        (home / LOG).parent.mkdir(exist_ok=True)
    return target


def _build_words(project: Path, full_refresh: bool) -> list[str]:
    return [
        *("--log-format", "json", "--log-level", "info", "--log-format-file", "text"),
        *("--no-use-colors", "build", "--project-dir", str(project)),
        *profile_options(project),
        *(("--full-refresh",) if full_refresh else ()),
    ]


def _environment(home: Path, settings: Settings) -> dict[str, str]:
    """dbt inherits the environment, since profiles and models may read it with `env_var`."""
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    return {
        **inherited,
        **SuppressionList(home).environment(),
        OURS: str((settings.warehouse or home / "warehouse.duckdb").absolute()),
        "DBT_TARGET_PATH": str(home / "dbt" / "target"),
        "DBT_LOG_PATH": str((home / LOG).parent),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONWARNINGS": "ignore",
    }


def _run(
    command: list[str],
    environment: dict[str, str],
    project: Path,
    home: Path,
    on_event: Callable[[DbtEvent], None],
) -> _Heard:
    """Run the command to its end. Standard input stays open as long as this process lives."""
    invocation, errors = "", []
    with (
        (home / "dbt" / "logs" / "stderr.log").open("w+", encoding="utf-8") as complaints,
        subprocess.Popen(
            command,
            env=environment,
            cwd=project,  # where a profile's relative path begins
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
            encoding="utf-8",
            errors="replace",
        ) as process,
    ):
        try:
            for line in process.stdout or ():
                event = read_event(line)
                if event is None:
                    continue
                invocation = event.invocation_id or invocation
                if event.kind == "message" and event.level == "error":
                    errors.append(event.text)
                on_event(event)
            code = process.wait()
        finally:
            process.kill()
        complaints.seek(0)
        errors += complaints.read().strip().splitlines()[-5:]
    return _Heard(code, invocation, tuple(errors))


def _refuse_unfinished(target: Path, heard: _Heard) -> None:
    """Raises: BuildFailed `build.dbt_failed` when there are no results of this run, and
    `build.sources` when its raw tables were refused.
    """
    results = read_results(target)
    whole = (target / "manifest.json").is_file() and results.invocation_id == heard.invocation_id
    refuse_bad_sources(heard.errors, where=LOG)
    if not whole or (heard.code and not results.failed()):
        raise _failed("dbt did not finish.", heard.errors)


def _warehouse(
    project: Path,
    home: Path,
    settings: Settings,
    command: list[str],
    environment: dict[str, str],
) -> Path:
    """The DuckDB file that dbt has written: as set, the home's own, or as dbt says."""
    own = home / "warehouse.duckdb"
    if settings.warehouse:
        return settings.warehouse.absolute()
    if uses_home(project) and own.is_file():
        return own
    aside = {**environment, "DBT_TARGET_PATH": str(home / "dbt" / "asked")}
    return ask_warehouse(command, project, aside)


def _keep(run: DbtRun, home: Path) -> None:
    """Write down what `last_run` reads; a warehouse in the home may move with it."""
    inside = run.warehouse.is_relative_to(home)
    kept = {
        "invocation_id": run.invocation_id,
        "warehouse": str(run.warehouse.relative_to(home) if inside else run.warehouse),
        "fingerprint": asdict(run.fingerprint),
        "seconds": run.seconds,
    }
    with disk_errors():
        write_whole(run.target / _RUN_FILE, json.dumps(kept))


def refuse_failed_models(results: Results) -> None:
    """A warehouse in which a model failed is half old and half new, so it is never published."""
    lines = [f"{item.name}: {item.message}" for item in results.failed() if not item.is_test]
    if lines:
        raise _failed(f"{_count(len(lines), 'dbt model')} failed.", lines)


def _refuse_failed_tests(results: Results, settings: Settings) -> None:
    failed = [item for item in results.failed() if item.is_test]
    if failed and settings.on_test_failure == "refuse":
        lines = [f"{item.name}: {item.message or item.status}" for item in failed]
        raise BuildFailed(
            "build.tests_failed",
            f"{_count(len(failed), 'dbt test')} failed; nothing was published.\n{_listing(lines)}",
            where=LOG,
            next_step="Mend the data or the model; what is published now stays in force.",
        )


def _failed(message: str, lines: Sequence[str]) -> BuildFailed:
    return BuildFailed(
        "build.dbt_failed",
        f"{message}\n{_listing(lines)}".strip(),
        where=LOG,
        next_step="Mend what dbt names; what is published now stays in force.",
    )


def _listing(lines: Sequence[str]) -> str:
    shown = ["  " + " ".join(line.split()) for line in lines[:_SHOWN]]
    more = len(lines) - len(shown)
    return "\n".join([*shown, *([f"  and {more} more"] if more else [])])


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'s' if number != 1 else ''}"
