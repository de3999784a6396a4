"""What a server's processes hold, read from /proc: for tests of leaks and loads."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import anyio


@dataclass(frozen=True)
class Held:
    """What a process holds now: open files, threads, resident MB, and its sandboxes."""

    files: int
    threads: int
    resident_mb: float
    sandboxes: int


def held(pid: int) -> Held:
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return Held(
        files=len(os.listdir(f"/proc/{pid}/fd")),
        threads=len(os.listdir(f"/proc/{pid}/task")),
        resident_mb=pages * os.sysconf("SC_PAGE_SIZE") / 2**20,
        sandboxes=len(children(pid)),
    )


def children(pid: int) -> list[int]:
    """Every process that any thread of this one has started and that is still there."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            found += map(int, (task / "children").read_text("ascii").split())
        except FileNotFoundError:
            continue  # the thread has ended
    return sorted(found)


def ready_sandboxes(pid: int) -> list[int]:
    """Those behind their system-call filter: they wait for a query, or work on one."""
    found = []
    for child in children(pid):
        try:
            status = Path(f"/proc/{child}/status").read_text("ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if "\nSeccomp:\t2\n" in status:
            found.append(child)
    return found


def server_under(pid: int) -> int:
    """The one child that serves HTTP."""
    (server,) = (one for one in children(pid) if b"--http" in _command(one))
    return server


async def gone(pids: list[int], seconds: float = 30.0) -> list[int]:
    """Those that are still there after so long."""
    with anyio.move_on_after(seconds):
        while any(Path(f"/proc/{pid}").exists() for pid in pids):
            await anyio.sleep(0.05)
    return [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def cpu_ticks(pid: int) -> int:
    """Hundredths of a second of CPU that a process has used; 0 when it has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return int(fields[11]) + int(fields[12])


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
