"""Looks at the home: who may read and write what, room, the clock, and what was left behind."""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

from martlet.doctor.finding import Finding
from martlet.publish import store
from martlet.settings import Settings, audit_folder, audit_key

NEEDED_FREE_MB = 500
CLOCK_SLACK = timedelta(minutes=2)
SHOWN = 3
LEFT_BEHIND = (
    *("published/.building-*", "published/.current.*", ".incoming-*", ".personal.json.*"),
    *(".warehouse.duckdb.*", "*.wal"),
)


def home_folder(settings: Settings) -> Finding:
    """The home is there, and nobody but its owner and group can write in it.

    A server needs no right to write here: its audit log may stand elsewhere.
    """
    home = settings.home
    if not home.is_dir():
        step = "Run `martlet build` or `martlet demo` first, or give --home."
        return Finding("home", False, f"{home} does not exist", step)
    loose = [path for path in (home, *_below(home)) if _mode(path) & stat.S_IWOTH]
    if loose:
        names = ", ".join(str(path) for path in loose[:SHOWN])
        return Finding("home", False, f"everyone can write to {names}", f"chmod -R o-w {home}")
    if not os.access(home, os.W_OK):
        step = "This user can serve; building needs the right to write here."
        return Finding("home", True, f"{home}, read-only for this user", step)
    return Finding("home", True, str(home))


def keys(settings: Settings) -> Finding:
    """Keys and the suppression list can be read by their owner alone."""
    folder = settings.home / "keys"
    private = [folder, *_below(folder), settings.home / "suppressed.csv", audit_key(settings)]
    open_to_others = [path for path in private if path.exists() and _mode(path) & 0o077]
    if open_to_others:
        names = " ".join(sorted({str(path) for path in open_to_others}))
        return Finding("keys", False, f"others can read {names}", f"chmod go-rwx {names}")
    found = sum(path.suffix == ".key" for path in _below(folder))
    return Finding("keys", True, f"{found} keys, for their owner alone" if found else "none yet")


def audit_log(settings: Settings) -> Finding:
    """The log can be written by this user, and read by nobody else."""
    folder = audit_folder(settings)
    place = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(place, os.W_OK):
        return Finding(
            "audit log",
            False,
            f"{place} cannot be written, so no call would be answered",
            "Give this user the folder, or set MARTLET_AUDIT to one of its own.",
        )
    files = list(folder.glob("*.jsonl")) if folder.is_dir() else []
    if any(_mode(path) & 0o077 for path in (*files, *([folder] if folder.is_dir() else []))):
        return Finding("audit log", False, f"others can read {folder}", f"chmod -R go-rwx {folder}")
    size = sum(file.stat().st_size for file in files) / 1e6
    detail = f"{len(files)} days, {size:.1f} MB; kept for {settings.keep_audit_days} days"
    return Finding("audit log", True, detail)


def published(settings: Settings) -> Finding:
    """Every published file can be read by this user."""
    place = store.published(settings.home)
    if not place.is_dir():
        return Finding("published", False, "nothing is published", "Run `martlet build`.")
    locked = [path for path in _below(place) if not os.access(path, os.R_OK)]
    if locked:
        names = ", ".join(path.name for path in locked[:SHOWN])
        step = f"Give the server's group the right: chmod -R g+rX {place}"
        return Finding("published", False, f"this user cannot read {names}", step)
    return Finding("published", True, f"{len(store.build_folders(settings.home))} builds, readable")


def disk(settings: Settings) -> Finding:
    """Room for the builds that are kept, and for one more while it is written."""
    home = settings.home.absolute()
    place = next(path for path in (home, *home.parents) if path.exists())
    free = shutil.disk_usage(place).free / 1e6
    folders = store.build_folders(home)
    newest = sum(_size(path) for path in _below(folders[0])) / 1e6 if folders else 0.0
    warehouse = _size(settings.warehouse or home / "warehouse.duckdb") / 1e6
    missing = max(settings.keep_builds - len(folders), 0) + 1
    needed = max(NEEDED_FREE_MB, newest * missing + warehouse)
    detail = f"{free:,.0f} MB free, {needed:,.0f} MB wanted for the next builds"
    if free < needed:
        return Finding("disk", False, detail, "Make room, or lower MARTLET_KEEP_BUILDS.")
    return Finding("disk", True, detail)


def clock(settings: Settings) -> Finding:
    """The clock is not behind the newest build: freshness is judged by it."""
    now = datetime.now(UTC)
    folders = store.build_folders(settings.home)
    ahead = folders and store.moment_of(folders[0].name) - now
    if ahead and ahead > CLOCK_SLACK:
        detail = f"the newest build is of {folders[0].name[:16]}, {_span(ahead)} from now"
        step = "Set the clock of this machine (or of the one that built)."
        return Finding("clock", False, detail, step)
    return Finding("clock", True, f"{now:%Y-%m-%d %H:%M} UTC")


def leftovers(settings: Settings) -> Finding:
    """Nothing half made lies about; whoever is at work right now is named, not blamed."""
    home = settings.home
    if _is_locked(home / "publish.lock"):
        return Finding("leftovers", True, "a build or publish is at work")
    left = sorted(path for pattern in LEFT_BEHIND for path in home.glob(pattern))
    whole = {folder.name for folder in store.build_folders(home)}
    left += [path for path in store.published(home).glob("2*Z-*") if path.name not in whole]
    if left:
        names = ", ".join(str(path.relative_to(home)) for path in left[:SHOWN])
        step = "The next build sweeps it; nothing is lost."
        return Finding("leftovers", True, f"of a build that was ended: {names}", step)
    return Finding("leftovers", True, "none")


def _is_locked(lock: Path) -> bool:
    if not os.access(lock, os.R_OK):
        return False
    descriptor = os.open(lock, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _below(folder: Path) -> list[Path]:
    return list(folder.rglob("*")) if os.access(folder, os.R_OK | os.X_OK) else []


def _mode(path: Path) -> int:
    """The permissions; those of a link are its target's, and a file just removed has none."""
    try:
        found = path.lstat().st_mode
    except FileNotFoundError:
        return 0
    return 0 if stat.S_ISLNK(found) else stat.S_IMODE(found)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _span(time: timedelta) -> str:
    minutes = round(time.total_seconds() / 60)
    return f"{minutes} minutes" if minutes < 120 else f"{minutes // 60} hours"
