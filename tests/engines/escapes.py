"""What a sandbox that was taken over would try: run behind the walls named, prints each outcome.

A process of its own, since walls never come down. Its DuckDB is opened as a sandbox opens it, but
with none of DuckDB's own locks, so that what holds is the system's.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import socket
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from martlet.engines import sandbox, walls
from martlet.flow.wall import Wall

LIBC = ctypes.CDLL(None, use_errno=True)
LIBC.syscall.restype = ctypes.c_long
ARM = os.uname().machine == "aarch64"
PTRACE, SEIZE = (117 if ARM else 101), 0x4206
PROCESS_VM_READV = 270 if ARM else 310
SYSTEM_CALLS = {
    "io_uring": (425, 425),
    "bpf": (321, 280),
    "keyctl": (250, 219),
    "userfaultfd": (323, 282),
    "mount": (165, 40),
    "unshare": (272, 97),
    "memfd_create": (319, 279),
    "perf_event_open": (298, 241),
    "pidfd_open": (434, 434),
    "open_by_handle_at": (304, 265),
    "personality": (135, 92),
}


def main() -> None:
    given = json.loads(sys.argv[1])
    if "files" not in given["walls"]:
        walls.raise_files = lambda readable: Wall("", False, "")
    if "calls" not in given["walls"]:
        walls.raise_calls = lambda: Wall("", False, "")
    sandbox.HARDENING = ("use serving.marts",)
    startup = {"file": given["file"], "memory_mb": 256, "threads": 2, "deadline_seconds": 30}
    older = OlderThread(given)
    older.start()
    connection, standing = sandbox.enclose(duckdb, startup, sandbox.Watch(os.pipe()[0]))
    outcomes = {}
    for name, sql in statements(given).items():
        outcomes[f"DuckDB {name}"] = outcome(lambda sql=sql: see(connection, sql))
    older.go.set()
    older.join()
    outcomes["a thread that was there before"] = older.came_to
    for name, numbers in SYSTEM_CALLS.items():
        outcomes[f"call {name}"] = outcome(lambda number=numbers[ARM]: call(number, 0, 0, 0, 0, 0))
    outcomes |= {name: outcome(lambda one=one: one(given)) for name, one in TRIES.items()}
    print(json.dumps({"walls": standing, "outcomes": outcomes, "work": work(connection)}))


def outcome(one: Callable[[], Any]) -> str:
    """What a try came to: done, or the system's name of the refusal."""
    try:
        one()
    except PermissionError:
        return "denied"
    except OSError as error:
        return f"failed: {error.strerror}"
    except duckdb.Error as error:
        denied = "Permission denied" in str(error) or "Operation not permitted" in str(error)
        return "denied" if denied else f"failed: {error}"
    return "done"


def see(connection: Any, sql: str) -> None:
    """Runs it; seeing no row is as good as being refused. Raises: PermissionError, duckdb.Error."""
    if not connection.execute(sql).fetchall():
        raise PermissionError


def call(number: int, *arguments: int) -> int:
    """A system call by its number. Raises: OSError."""
    given = [ctypes.c_long(argument) for argument in (number, *arguments)]
    result = int(LIBC.syscall(*given))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


class OlderThread(threading.Thread):
    """Tries to read a file once the walls stand, from before them."""

    def __init__(self, given: dict[str, Any]) -> None:
        super().__init__(daemon=True)
        self.go, self.given, self.came_to = threading.Event(), given, "not run"

    def run(self) -> None:
        self.go.wait()
        self.came_to = outcome(lambda: os.open(self.given["beside"], os.O_RDONLY))


def work(connection: Any) -> dict[str, Any]:
    """What must still work: queries with all threads, chance, and a new thread."""
    started = threading.Thread(target=lambda: None)
    started.start()
    started.join()
    return {
        "rows": connection.execute("select count(*) from fct_orders").fetchone()[0],
        "sorted": connection.execute(
            "select count(*) from (select i, random() from range(300000) one(i) order by 2)"
        ).fetchone()[0],
    }


def connect_tcp(given: dict[str, Any]) -> None:
    with socket.socket() as client:
        client.connect(("127.0.0.1", given["port"]))


def listen(given: dict[str, Any]) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))


def send_datagram(given: dict[str, Any]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.sendto(b"x", ("127.0.0.1", given["port"]))


def connect_abstract(given: dict[str, Any]) -> None:
    with socket.socket(socket.AF_UNIX) as client:
        client.connect("\0" + given["abstract"])


def fork(given: dict[str, Any]) -> None:
    if os.fork() == 0:
        os._exit(0)


def trace_parent(given: dict[str, Any]) -> None:
    if given["walls"]:
        call(PTRACE, SEIZE, os.getppid(), 0, 0)


def run_program(given: dict[str, Any]) -> None:
    """Only behind a wall: else this process would be gone, and its report with it."""
    if given["walls"]:
        os.execv("/bin/true", ["true"])


def read_parent(given: dict[str, Any]) -> None:
    """The memory of the process that started this one, of its own address."""
    held = ctypes.create_string_buffer(8)
    place = (ctypes.c_uint64 * 2)(ctypes.addressof(held), 8)
    call(PROCESS_VM_READV, os.getppid(), ctypes.addressof(place), 1, ctypes.addressof(place), 1, 0)


def run_new_code(given: dict[str, Any]) -> None:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()


TRIES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "read a file of the host": lambda given: os.open("/etc/passwd", os.O_RDONLY),
    "read a file beside the published one": lambda given: os.open(given["beside"], os.O_RDONLY),
    "list a folder": lambda given: os.listdir(Path(given["file"]).parent),
    "write a new file": lambda given: os.open(given["new"], os.O_WRONLY | os.O_CREAT),
    "write the published file": lambda given: os.open(given["file"], os.O_RDWR),
    "truncate the published file": lambda given: os.truncate(given["file"], 1 << 20),
    "remove a file": lambda given: os.unlink(given["beside"]),
    "rename a file": lambda given: os.rename(given["beside"], given["new"]),
    "make a folder": lambda given: os.mkdir(given["new"]),
    "connect to loopback": connect_tcp,
    "listen": listen,
    "send a datagram": send_datagram,
    "connect to an abstract socket": connect_abstract,
    "fork": fork,
    "run a program": run_program,
    "signal the parent": lambda given: os.kill(os.getppid(), 0),
    "trace the parent": trace_parent,
    "read the parent's memory": read_parent,
    "memory to run": run_new_code,
}


def statements(given: dict[str, Any]) -> dict[str, str]:
    beside, new = (given[name].replace("'", "''") for name in ("beside", "new"))
    return {
        "reads a file": f"from read_text('{beside}')",
        "writes a file": f"copy (select 1) to '{new}'",
        "opens a database": f"attach '{new}.duckdb' as other",
        "lists files": f"from glob('{beside}')",
    }


main()
