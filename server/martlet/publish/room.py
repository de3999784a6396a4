"""Room on the disk: what a build takes, told where there was too little of it."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from martlet.errors import BuildFailed
from martlet.publish import store
from martlet.publish.files import disk_error
from martlet.publish.source import MartSource

_FULL = tuple(os.strerror(code) for code in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
MB = 1_000_000


@contextmanager
def room_told(folder: Path, source: MartSource) -> Iterator[None]:
    """Adds to the error of a full disk how much was written of how much, while `folder` stands.

    Raises: BuildFailed `build.disk`.
    """
    try:
        yield
    except (BuildFailed, OSError) as error:
        reason = error.message if isinstance(error, BuildFailed) else error.strerror or ""
        full = next((word for word in _FULL if word in reason), "")
        if not full:
            raise
        written = size_of(folder)
        wanted = next((size for size in _wanted(folder.parent.parent, source) if size > written), 0)
        about = f" of about {_mb(wanted)}" if wanted else ""
        raise disk_error(f"{full}, after {_mb(written)}{about}") from error


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder; one that goes meanwhile has none."""
    return sum(_size(path) for path in folder.rglob("*"))


def _wanted(home: Path, source: MartSource) -> tuple[int, ...]:
    """The size of the newest build, which tells most, and that of what is published."""
    given = sum(_size(file) for file in (source.database, *(path for path, _ in source.files)))
    return *(size_of(folder) for folder in store.build_folders(home)[:1]), given


def _size(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else 0
    except OSError:
        return 0


def _mb(number: int) -> str:
    return f"{number / MB:,.1f} MB"
