"""Builds in use: a pin keeps a build from being forgotten while a question is under way."""

from __future__ import annotations

import fcntl
import os
import shutil
from pathlib import Path

from martlet.publish import store


class Pin:
    """Holds a build until it is released; a process that ends releases all of its own.

    It is a shared lock on the build's state, so reading rights are enough.
    Raises: Unavailable `build.broken` when the build is gone or going.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self._descriptor = os.open(folder / store.BUILD_FILE, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise store.broken(folder.name, f"{store.BUILD_FILE} cannot be read") from error
        held = _lock(self._descriptor, fcntl.LOCK_SH)
        if not held or not os.fstat(self._descriptor).st_nlink:
            self.release()
            raise store.broken(folder.name, "it is being removed")

    def release(self) -> None:
        os.close(self._descriptor)


def forget(folder: Path) -> bool:
    """Remove a build's folder; False, and nothing removed, while a question is under way on it.

    Raises: OSError.
    """
    try:
        descriptor = os.open(folder / store.BUILD_FILE, os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:  # half removed by a publisher that died
        shutil.rmtree(folder)
        return True
    try:
        free = _lock(descriptor, fcntl.LOCK_EX)
        if free:
            (folder / store.BUILD_FILE).unlink()  # first, so that nobody opens what is half there
            shutil.rmtree(folder)
    finally:
        os.close(descriptor)
    return free


def _lock(descriptor: int, kind: int) -> bool:
    """Whether nobody holds it otherwise; where a file system has no locks, nobody can."""
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
