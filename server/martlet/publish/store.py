"""The published builds of a home: which is in force, opened and verified, listed, rolled back."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from martlet.errors import Unavailable, UnknownName, did_you_mean
from martlet.flow.build import BuildState
from martlet.flow.catalog import Catalog
from martlet.publish.files import disk_errors, sha256, sweep_beside, write_whole
from martlet.publish.lock import hold

BUILD_FILE = "build.json"
CATALOG_FILE = "catalog.json"
POINTER = "current"
UNFINISHED = ".building-"
_MOMENT = "%Y%m%dT%H%M%SZ"
_BUILD_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class OpenBuild:
    """A build whose files are what was published."""

    folder: Path
    state: BuildState
    catalog: Catalog
    database: Path


def published(home: Path) -> Path:
    """The folder of a home's builds."""
    return home / "published"


def current(home: Path) -> Path:
    """The folder of the build in force.

    Raises: Unavailable `build.missing` before the first, `build.broken` when it is gone.
    """
    build_id = in_force(home)
    while not _BUILD_ID.fullmatch(build_id) or not (published(home) / build_id).is_dir():
        again = in_force(home)
        if again == build_id:
            raise broken(build_id, "its folder is gone")
        build_id = again  # a newer build came into force, and the one read was forgotten
    return published(home) / build_id


def in_force(home: Path) -> str:
    """The id that the pointer holds, whether that build is there or not.

    Raises: Unavailable `build.missing` before the first.
    """
    pointed = find_pointed(home)
    if pointed is None:
        raise Unavailable(
            "build.missing",
            "Nothing has been published yet.",
            next_step="Run `martlet build` (or `martlet demo`), then ask again.",
        )
    return pointed


def find_pointed(home: Path) -> str | None:
    """The id that the pointer holds, if there is a pointer."""
    try:
        return (published(home) / POINTER).read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None


def open_build(folder: Path) -> OpenBuild:
    """A build with its files verified: each is hashed once per process while it stays unchanged.

    Raises: Unavailable `build.broken`.
    """
    folder = folder.absolute()
    state = _read_state(folder)
    for name, digest in state.files.items():
        if Path(name).name != name or not _is_same(folder / name, digest):
            raise broken(folder.name, f"{name} is not the file that was published")
    databases = [name for name in state.files if name.endswith(".duckdb")]
    if len(databases) != 1 or CATALOG_FILE not in state.files:
        raise broken(folder.name, f"{BUILD_FILE} does not name its files")
    try:
        catalog = Catalog.from_json((folder / CATALOG_FILE).read_bytes())
    except (OSError, ValidationError) as error:
        raise broken(folder.name, f"{CATALOG_FILE} cannot be read") from error
    return OpenBuild(folder, state, catalog, folder / databases[0])


def builds(home: Path) -> list[BuildState]:
    """The builds that can be read, newest first."""
    return [state for folder in build_folders(home) if (state := _find_state(folder))]


def build_folders(home: Path) -> list[Path]:
    """The folders of finished builds, newest first; one without its state is half removed."""
    named = _named_folders(home)
    folders = [path for path in named if (path / BUILD_FILE).exists()]
    return sorted(folders, key=lambda path: path.name, reverse=True)


def sweep(home: Path) -> None:
    """Remove what publishers left that died; only for who holds the home's lock.

    Raises: OSError.
    """
    kept = find_pointed(home)
    half_removed = [
        folder
        for folder in _named_folders(home)
        if folder.name != kept and not (folder / BUILD_FILE).exists()
    ]
    for folder in [*published(home).glob(f"{UNFINISHED}*"), *half_removed]:
        shutil.rmtree(folder)
    sweep_beside(published(home) / POINTER)


def roll_back(home: Path, build_id: str | None) -> BuildState:
    """Put an earlier build in force: the named one, or the one before the current.

    Raises: UnknownName when there is none, Unavailable `build.broken`, BuildFailed `build.locked`.
    """
    with hold(home):
        state = open_build(_wanted(home, build_id)).state
        point_to(home, state.build_id)
    return state


def find_folder(home: Path, build_id: str) -> Path:
    """The folder of a build by its id, or of the one before that in force: `previous`.

    Raises: UnknownName `name.unknown`; Unavailable `build.missing`.
    """
    return _wanted(home, None if build_id == "previous" else build_id)


def point_to(home: Path, build_id: str) -> None:
    """Put a build in force. Raises: BuildFailed `build.disk`, with the old one still in force."""
    with disk_errors():
        write_whole(published(home) / POINTER, build_id + "\n")


def name_build(moment: datetime, content: dict[str, Any]) -> str:
    """The id of a build: when it was published, UTC, and a hash of all that `build.json` says.

    The hash covers those of the files, so that the id stands for the whole build.
    """
    text = json.dumps({**content, "build_id": ""}, sort_keys=True)
    return f"{moment:{_MOMENT}}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def moment_of(build_id: str) -> datetime:
    """When a build was published."""
    return datetime.strptime(build_id.partition("-")[0], _MOMENT).replace(tzinfo=UTC)


def broken(build_id: str, reason: str) -> Unavailable:
    """The error for a build that is not as it was published."""
    return Unavailable(
        "build.broken",
        f"The build {build_id} cannot be used: {reason}.",
        next_step="Run `martlet publish`, or `martlet builds --rollback previous`.",
    )


def _named_folders(home: Path) -> list[Path]:
    found = published(home).iterdir() if published(home).is_dir() else iter(())
    return [path for path in found if _BUILD_ID.fullmatch(path.name) and path.is_dir()]


def _wanted(home: Path, build_id: str | None) -> Path:
    folders = {folder.name: folder for folder in build_folders(home)}
    if build_id is None:
        now = in_force(home)
        lost = not _BUILD_ID.fullmatch(now)  # the pointer is no name, so every build is earlier
        build_id = max((name for name in folders if lost or name < now), default="")
    if build_id not in folders:
        raise UnknownName(
            "name.unknown",
            f"There is no build `{build_id}`." if build_id else "There is no earlier build.",
            next_step=_offer(build_id, folders),
        )
    return folders[build_id]


def _offer(build_id: str, names: Iterable[str]) -> str:
    return did_you_mean(build_id, names) or "`martlet builds` lists them."


def _find_state(folder: Path) -> BuildState | None:
    """The state of a build, or None for one that can no longer be read and so not be chosen."""
    try:
        return _read_state(folder)
    except Unavailable:
        return None


def _read_state(folder: Path) -> BuildState:
    try:
        content = json.loads((folder / BUILD_FILE).read_bytes())
        state = BuildState.model_validate(content)
    except (OSError, ValueError) as error:
        raise broken(folder.name, f"{BUILD_FILE} cannot be read") from error
    if folder.name != name_build(moment_of(folder.name), content):
        raise broken(folder.name, f"{BUILD_FILE} was changed")
    return state


def _is_same(file: Path, digest: str) -> bool:
    """Whether the file has the hash."""
    try:
        stat = file.stat()
        look = (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns)
        return _sha256_of(file, look) == digest
    except OSError:
        return False


@lru_cache(maxsize=256)
def _sha256_of(file: Path, _look: tuple[int, ...]) -> str:
    """The hash of a file that looks so; a file of gigabytes is not read again for each request."""
    return sha256(file)
