"""Landlock: a process gives up files, TCP and signals for good, without root. Linux 5.13 and newer.

Source: the kernel's userspace-api/landlock; the numbers are those of its linux/landlock.h. Each
version of the interface (ABI) adds rights that can be given up; a kernel refuses those that it
does not know, so we ask for its version first.
"""

from __future__ import annotations

import ctypes
import errno
import os
from pathlib import Path
from typing import Any

# The same on every processor that Python runs on but Alpha.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
ASK_VERSION = 1
BENEATH_PATH = 1
READ_FILE = 1 << 2
PR_SET_NO_NEW_PRIVS = 38

# What DuckDB and the C library ask of the machine when they start; none has data of anybody.
FIGURES = (
    "/proc/self/cgroup",
    "/proc/self/mountinfo",
    "/sys/fs/cgroup",
    "/sys/devices/system/cpu",
)

# The version with which so many rights over files came: the lowest bits are all of them.
FILE_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
TCP_BIND_AND_CONNECT = 0b11, 4
ABSTRACT_SOCKETS_AND_SIGNALS = 0b11, 6


class Ruleset(ctypes.Structure):
    """`landlock_ruleset_attr`: what is given up unless a rule keeps it."""

    _fields_ = [
        ("files", ctypes.c_uint64),
        ("network", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class Beneath(ctypes.Structure):
    """`landlock_path_beneath_attr`: rights that are kept for one file or folder."""

    _pack_ = 1
    _layout_ = "ms"
    _fields_ = [("rights", ctypes.c_uint64), ("descriptor", ctypes.c_int32)]


def restrict(libc: Any, readable: Path) -> str:
    """Gives up all but reading `readable`, for this thread and its children; says what that is.

    Raises: OSError when the kernel has no Landlock or does not let it be used.
    """
    version = _call(libc, CREATE_RULESET, None, 0, ASK_VERSION)
    given_up = rights(version)
    ruleset = _call(libc, CREATE_RULESET, ctypes.byref(given_up), ctypes.sizeof(given_up), 0)
    try:
        for place in (str(readable), *filter(os.path.exists, FIGURES)):
            _keep(libc, ruleset, place)
        if libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            raise _error()
        _call(libc, RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)
    return ", ".join(
        part
        for part in (
            f"version {version}",
            "one file to read",
            "no TCP" if given_up.network else "",
            "no signals" if given_up.scoped else "",
        )
        if part
    )


def rights(version: int) -> Ruleset:
    """All that a kernel with this version of the interface lets a process give up."""
    files = max(bits for since, bits in FILE_RIGHTS if since <= version)
    network, scoped = (
        bits if version >= since else 0
        for bits, since in (TCP_BIND_AND_CONNECT, ABSTRACT_SOCKETS_AND_SIGNALS)
    )
    return Ruleset((1 << files) - 1, network, scoped)


def _keep(libc: Any, ruleset: int, path: str) -> None:
    place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rule = Beneath(READ_FILE, place)
        _call(libc, ADD_RULE, ruleset, BENEATH_PATH, ctypes.byref(rule), 0)
    finally:
        os.close(place)


def _call(libc: Any, number: int, *arguments: Any) -> int:
    given = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    result = int(libc.syscall(ctypes.c_long(number), *given))
    if result < 0:
        raise _error()
    return result


def _error() -> OSError:
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EOPNOTSUPP):
        return OSError(number, "this kernel has none, or it is switched off")
    return OSError(number, os.strerror(number))
