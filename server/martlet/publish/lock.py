"""One builder or publisher at a time: a lock that ends with the process that holds it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from martlet.errors import BuildFailed
from martlet.publish.files import disk_errors


@contextmanager
def hold(home: Path) -> Iterator[None]:
    """Hold the home's lock. Raises: BuildFailed `build.locked` at once when another holds it."""
    with disk_errors():
        home.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(home / "publish.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        _lock(descriptor)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BuildFailed(
            "build.locked",
            "Another build or publish is at work in this home.",
            next_step="Wait until it ends; what is published now stays in force.",
        ) from error
