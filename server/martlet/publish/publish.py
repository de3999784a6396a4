"""Publishing: copy, measure, bind, rename, point. Until the last step the old build is in force."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from martlet.errors import BuildFailed
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.publish import store
from martlet.publish.days import with_days
from martlet.publish.files import disk_errors, force, same_again, sha256, sweep_beside, write_whole
from martlet.publish.lock import hold
from martlet.publish.measure import measure, withheld
from martlet.publish.personal.guard import Guard, Reviews, has_pseudonym
from martlet.publish.personal.pseudonym import key_id, load_key
from martlet.publish.personal.waiting import FILE as FINDINGS
from martlet.publish.personal.waiting import keep_findings
from martlet.publish.pins import forget
from martlet.publish.room import room_told
from martlet.publish.selection import select
from martlet.publish.serving import write_file
from martlet.publish.source import MartSource, SourceMart, fingerprint
from martlet.settings import Settings

Bind = Callable[[Catalog, BuildState], Catalog]


def publish(
    source: MartSource,
    catalog: Catalog,
    home: Path,
    settings: Settings,
    *,
    bind: Bind,
    reviews: Reviews | None = None,
    now: datetime | None = None,
) -> BuildState:
    """Publish the marts of a source and put the new build in force.

    `bind` gives the catalog as it fits the measured build; `reviews` are the decisions about
    personal data, and what looks personal and is not reviewed is withheld. A build that cannot be
    finished leaves nothing behind but a folder that the next publish sweeps. Raises: BuildFailed
    `build.locked`, `build.tests_failed`, `build.source`, `build.disk`, `build.key`,
    `catalog.invalid`.
    """
    _refuse_failed(source, settings)
    moment = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    with hold(home), disk_errors():
        folder = _start(home)
        try:
            with room_told(folder, source):
                guard = Guard(source, reviews or Reviews(), spill=folder)
                state = _build(source, catalog, folder, settings, guard, now=moment, bind=bind)
            finished = store.published(home) / state.build_id
            folder.rename(finished)
            force(finished.parent)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _put_in_force(home, state.build_id)
        _forget(home, settings)
    return state


def _refuse_failed(source: MartSource, settings: Settings) -> None:
    if source.failed_tests and settings.on_test_failure == "refuse":
        raise BuildFailed(
            "build.tests_failed",
            f"dbt tests failed: {', '.join(source.failed_tests)}.",
            next_step="Mend the data, or set MARTLET_ON_TEST_FAILURE=publish_marked.",
        )


def _start(home: Path) -> Path:
    """A new folder for a build; leftovers of publishers that died are swept."""
    place = store.published(home)
    place.mkdir(parents=True, exist_ok=True)
    store.sweep(home)
    sweep_beside(home / FINDINGS)
    folder = place / f"{store.UNFINISHED}{os.getpid()}"
    folder.mkdir()
    return folder


def _build(
    source: MartSource,
    catalog: Catalog,
    folder: Path,
    settings: Settings,
    guard: Guard,
    *,
    now: datetime,
    bind: Bind,
) -> BuildState:
    """Write every file of a build into the folder."""
    home = folder.parent.parent
    marts = select(source, catalog, guard)
    keep_findings(home, guard)
    key = _key(home, settings.audience) if any(map(has_pseudonym, marts)) else b""
    database = folder / f"serving_{settings.audience}.duckdb"
    unchanged = _holds(source, marts, database.name)
    if unchanged:
        same_again(source.database, database)
    else:
        write_file(source, marts, database, key)
    _refuse_changed(source)
    state = BuildState(
        build_id="",
        built_at=source.built_at or now.isoformat(timespec="seconds"),
        audience=settings.audience,
        origin=source.origin,
        dbt_invocation_id=source.invocation_id,
        catalog_hash=catalog.hash,
        freshness_clock=source.freshness_clock or settings.freshness_clock,
        marked=source.marked or bool(source.failed_tests),
        left_out={mart.name: withheld(mart) for mart in guard.left_out},
        switched_off=dict(source.switched_off),
        pseudonym_key=key_id(key) if key else source.pseudonym_key,
        marts=measure(
            database,
            marts,
            catalog,
            source.known if unchanged else {},
            profile_seconds=settings.profile_seconds,
        ),
        tests=source.tests,
        sources=source.sources,
    )
    bound = bind(catalog, state)
    write_whole(folder / store.CATALOG_FILE, bound.model_dump_json(exclude_defaults=True))
    shutil.rmtree(folder / "spill", ignore_errors=True)
    files = {
        database.name: source.sha256 if unchanged else sha256(database),
        store.CATALOG_FILE: sha256(folder / store.CATALOG_FILE),
    }
    state = with_days(state, database, bound).model_copy(update={"files": files})
    state = state.model_copy(update={"build_id": _build_id(home, now, state)})
    write_whole(folder / store.BUILD_FILE, state.model_dump_json(indent=1))
    return state


def _key(home: Path, audience: str) -> bytes:
    """The key of pseudonyms; a lost one is not replaced while a build that it made is kept."""
    kept = [state for state in store.builds(home) if state.audience == audience]
    return load_key(home, audience, is_used=any(state.pseudonym_key for state in kept))


def _holds(source: MartSource, marts: Sequence[SourceMart], name: str) -> bool:
    """Whether the source is a published file that already is what is to be published."""
    held = {mart: tuple(state.columns) for mart, state in source.known.items()}
    wanted = {mart.name: mart.published() for mart in marts}
    hashing = any(column.how == "pseudonym" for mart in marts for column in mart.columns)
    same = bool(source.sha256) and source.database.name == name and held == wanted
    return same and not hashing


def _refuse_changed(source: MartSource) -> None:
    """The tests speak of the file as dbt left it, so nothing else may be published with them."""
    if source.fingerprint and fingerprint(source.database) != source.fingerprint:
        raise BuildFailed(
            "build.source",
            f"{source.database.name} was changed after the dbt run whose tests it carries.",
            next_step="Run `martlet build`.",
        )
    for file, verified in source.files:
        if fingerprint(file) != verified:
            raise BuildFailed(
                "build.source",
                f"{file.name} was changed while it was published.",
                next_step="Publish again when nobody writes there.",
            )


def _build_id(home: Path, now: datetime, state: BuildState) -> str:
    """A name that sorts after every earlier one, also when the clock went back."""
    newest = next(iter(store.build_folders(home)), None)
    if newest is not None:
        now = max(now, store.moment_of(newest.name) + timedelta(seconds=1))
    return store.name_build(now, json.loads(state.model_dump_json()))


def _put_in_force(home: Path, build_id: str) -> None:
    """The last step; a build that cannot be put in force is not kept, it would fill the disk."""
    try:
        store.point_to(home, build_id)
    except BuildFailed:
        if store.find_pointed(home) != build_id:
            shutil.rmtree(store.published(home) / build_id, ignore_errors=True)
        raise


def _forget(home: Path, settings: Settings) -> None:
    """Remove the builds beyond the number kept; never the one in force, and one that still answers
    a question is left to the next publish."""
    for folder in store.build_folders(home)[settings.keep_builds :]:
        if folder != store.current(home):
            forget(folder)
