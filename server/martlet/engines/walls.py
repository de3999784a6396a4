"""The walls that the system puts round a sandbox process, and how each of them stands.

Runs in the sandbox, on the standard library alone. Each wall is enough to keep a process that has
been taken over from reading, writing, connecting and starting anything; a wall that the system
does not offer is told, never passed over in silence.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from martlet.engines import walls_calls, walls_files
from martlet.flow.wall import Wall

FILES, CALLS = "Landlock", "system-call filter"


def raise_files(readable: Path) -> Wall:
    """From now on no file can be opened but this one, to read; no TCP, no signal to others.

    Holds for the thread that calls and those it starts: call it before there are others.
    """
    return _raise(FILES, lambda: walls_files.restrict(_libc(), readable))


def raise_calls() -> Wall:
    """From now on, in all threads, only the system calls that a running query needs.

    What is open stays open; nothing more can be opened.
    """
    return _raise(CALLS, lambda: walls_calls.restrict(_libc()))


def _raise(name: str, restrict: Callable[[], str]) -> Wall:
    if sys.platform != "linux":
        return Wall(name, False, f"{sys.platform} has none")
    try:
        return Wall(name, True, restrict())
    except OSError as error:
        return Wall(name, False, error.strerror or str(error))


def _libc() -> Any:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    return libc
