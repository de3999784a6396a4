"""The journey of forgetting a person: the list first, then everything that was made before it."""

from __future__ import annotations

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from martlet.build import Origin, publish_from
from martlet.demo.forgetting import forget_truth
from martlet.errors import BuildFailed, MartletError, RequestError
from martlet.publish import store
from martlet.publish.dbt import DbtEvent, last_run, run_dbt
from martlet.publish.dbt.artifacts import config, read_manifest
from martlet.publish.dbt.run import keep_compacted
from martlet.publish.files import disk_errors
from martlet.publish.forgetting.compact import compact
from martlet.publish.forgetting.erase import delete_rows, forget_builds
from martlet.publish.forgetting.find import Person, files_with, find_person, tables_with
from martlet.publish.forgetting.identifiers import read_identifiers
from martlet.publish.forgetting.suppression import SuppressionList
from martlet.publish.lock import hold
from martlet.settings import Settings, audit_folder, project_folder

JOURNAL = "purges.jsonl"
DEMO_MARK = "demo.json"


@dataclass(frozen=True)
class Purge:
    """Who is to be forgotten, and who says so and why. `raw`: in the landing zone, too."""

    people: tuple[str, ...]
    kind: str
    who: str
    why: str
    raw: bool = False


@dataclass(frozen=True)
class Report:
    """What was done. `landed` are the tables of the landing zone that still hold the person."""

    identifiers: dict[str, int]
    unknown: int
    added: int
    build_id: str
    builds_removed: tuple[str, ...]
    landed: dict[str, int]

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.identifiers.items())
        lines = [
            f"Forgotten: {kinds}; {self.added} of them new on the list.",
            f"Build {self.build_id} is in force; {len(self.builds_removed)} older ones are gone.",
        ]
        if self.unknown:
            lines.append(f"{self.unknown} of what was named is not known to the identity map.")
        if self.landed:
            places = ", ".join(f"{name} ({rows} rows)" for name, rows in self.landed.items())
            lines.append(
                f"The landing zone still holds them: {places}. Have the connector delete them in "
                "the source and there, or run the same purge with --raw."
            )
        return "\n".join(lines)


def purge(
    settings: Settings,
    wanted: Purge,
    on_event: Callable[[DbtEvent], None],
    *,
    now: datetime | None = None,
) -> Report:
    """Forget people: no table that dbt builds, no build and no log holds them afterwards.

    The list is written before anything else and is never taken back, so a purge that ends early is
    finished by running it again. Raises: RequestError `usage`; BuildFailed with the last good
    build, and the person in it, still in force; MartletError `purge.remains`.
    """
    home, moment = settings.home.absolute(), now or datetime.now(UTC)
    named = read_identifiers(wanted.people, wanted.kind)
    _refuse_names_in_reason(wanted)
    warehouse = _warehouse(settings)
    person = find_person(warehouse, named)
    added = SuppressionList(home).add(person.identifiers, moment)
    _note(home, wanted, person, moment, step="listed")
    _clear_logs(home)
    if _is_built_here(settings):
        state_id = _rebuild(settings, wanted, person, warehouse, on_event)
    else:
        state_id = store.current(home).name
    removed = forget_builds(home, state_id, seconds=settings.deadline_seconds + 1)
    landed = _look(settings, person, warehouse, raw=wanted.raw)
    _note(home, wanted, person, moment, step="done")
    return Report(
        identifiers=_count(person),
        unknown=len(person.unknown),
        added=added,
        build_id=state_id,
        builds_removed=tuple(removed),
        landed=landed,
    )


def _refuse_names_in_reason(wanted: Purge) -> None:
    """The journal stays when the person is gone, so it must not name them."""
    said = f"{wanted.who} {wanted.why}".casefold()
    if not wanted.who.strip() or not wanted.why.strip():
        raise RequestError("usage", "Say who decided and why.", next_step="Give --who and --why.")
    if any(text.strip().casefold() in said for text in wanted.people):
        raise RequestError(
            "usage",
            "The reason names the person, and it is kept.",
            where="--why",
            next_step="Give the number of the request instead.",
        )


def _warehouse(settings: Settings) -> Path:
    """Where dbt's last run wrote; the home's own before the first."""
    try:
        return last_run(project_folder(settings), settings.home).warehouse
    except BuildFailed:
        return settings.home.absolute() / "warehouse.duckdb"


def _is_built_here(settings: Settings) -> bool:
    """Whether the build in force came out of a dbt run that can be run again."""
    try:
        state = store.open_build(store.current(settings.home)).state
    except MartletError:
        return True
    return state.origin == "dbt"


def _rebuild(
    settings: Settings,
    wanted: Purge,
    person: Person,
    warehouse: Path,
    on_event: Callable[[DbtEvent], None],
) -> str:
    """Everything that dbt builds anew without the person, published, and the file written anew."""
    home, project = settings.home.absolute(), project_folder(settings)
    if warehouse.is_file():
        delete_rows(home, warehouse, _snapshots(home), person.traces)
        if wanted.raw and (home / DEMO_MARK).is_file():
            forget_truth(warehouse, [(item.type, item.value) for item in person.identifiers])
    variables = {"MARTLET_ERASE_RAW": "1"} if wanted.raw else {}
    run = run_dbt(
        project, home, settings, full_refresh=True, variables=variables, on_event=on_event
    )
    state = publish_from(settings, Origin())
    if run.warehouse.is_relative_to(home):
        with hold(home):
            compact(run.warehouse)
            keep_compacted(run, home)
    return state.build_id


def _snapshots(home: Path) -> list[str]:
    """The snapshots of the last run: they keep what was, so a full refresh leaves them alone."""
    target = home / "dbt" / "target"
    if not (target / "manifest.json").is_file():
        return []
    nodes = read_manifest(target).nodes.values()
    return [_relation(node) for node in nodes if node["resource_type"] == "snapshot"]


def _relation(node: dict[str, Any]) -> str:
    return f"{node['schema']}.{config(node).get('alias') or node.get('alias') or node['name']}"


def _look(settings: Settings, person: Person, warehouse: Path, *, raw: bool) -> dict[str, int]:
    """The tables of the landing zone that hold the person.

    Raises: MartletError `purge.remains` when anything else does.
    """
    home = settings.home.absolute()
    scratch = home / "dbt"
    built = _built_tables(home)
    held = tables_with(warehouse, person.traces, writable=scratch) if warehouse.is_file() else {}
    landed = {name: rows for name, rows in held.items() if name not in built}
    places = [f"table {name} ({rows} rows)" for name, rows in held.items() if name in built]
    build = store.open_build(store.current(home))
    served = tables_with(build.database, person.traces, writable=scratch)
    places += [f"published {name} ({rows} rows)" for name, rows in served.items()]
    skipped = {warehouse} if landed or not warehouse.is_relative_to(home) else set()
    files = [file for file in _files(home, audit_folder(settings)) if file not in skipped]
    places += [str(file.relative_to(home)) for file in files_with(files, person.traces)]
    if places:
        raise MartletError(
            "purge.remains",
            f"The person is still found in: {', '.join(places)}.",
            where=str(home),
            next_step="Let these models read the suppression list, or publish again from a source "
            "without the person; then run the same purge again.",
        )
    return landed


def _built_tables(home: Path) -> set[str]:
    target = home / "dbt" / "target"
    if not (target / "manifest.json").is_file():
        return set()
    return {_relation(node) for node in read_manifest(target).nodes.values() if "schema" in node}


def _files(home: Path, audit: Path) -> Iterable[Path]:
    folders = {home, audit.absolute()} if not audit.absolute().is_relative_to(home) else {home}
    return [path for folder in sorted(folders) for path in folder.rglob("*") if path.is_file()]


def _clear_logs(home: Path) -> None:
    """dbt's logs quote values in its errors."""
    with disk_errors():
        shutil.rmtree(home / "dbt" / "logs", ignore_errors=True)


def _count(person: Person) -> dict[str, int]:
    return dict(sorted(Counter(item.type for item in person.identifiers).items()))


def _note(home: Path, wanted: Purge, person: Person, moment: datetime, *, step: str) -> None:
    """Who had somebody forgotten, why and how far it came; never whom."""
    entry = {
        "at": moment.isoformat(timespec="seconds"),
        "step": step,
        "who": wanted.who,
        "why": wanted.why,
        "raw": wanted.raw,
        "identifiers": _count(person),
    }
    with disk_errors():
        handle = os.open(home / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, json.dumps(entry).encode() + b"\n")
        finally:
            os.close(handle)
