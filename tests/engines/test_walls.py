"""The system's walls: real escapes are tried behind them, each wall alone and both together."""

from __future__ import annotations

import errno
import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from martlet.engines import walls_calls, walls_files, worker
from martlet.engines.duckdb import DuckDbEngine
from martlet.engines.walls_calls import CALLS, GUARDED, PROCESSORS, instructions
from martlet.errors import Unavailable
from tests.engines.conftest import WIDE, MakeEngine, query

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux has these walls")

ESCAPES = Path(__file__).with_name("escapes.py")
# What Landlock does not know: making processes, sockets other than TCP, whether a file exists.
BEYOND_FILES = {
    "fork",
    "send a datagram",
    "memory to run",
    "a thread that was there before",
    "DuckDB lists files",
}


@pytest.fixture(scope="module")
def world(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """What there is to reach outside: files, a port that listens, an abstract socket."""
    folder = tmp_path_factory.mktemp("outside")
    beside = published.with_name("build.json")
    beside.write_text("secret", encoding="ascii")
    with socket.socket() as tcp, socket.socket(socket.AF_UNIX) as abstract:
        tcp.bind(("127.0.0.1", 0))
        tcp.listen()
        abstract.bind("")  # the system gives it a name
        abstract.listen()
        yield {
            "file": str(published),
            "beside": str(beside),
            "new": str(folder / "new"),
            "port": tcp.getsockname()[1],
            "abstract": abstract.getsockname()[1:].decode(),
        }


def behind(world: dict[str, Any], *walls: str) -> dict[str, Any]:
    """What the escapes came to behind these walls."""
    done = subprocess.run(
        [sys.executable, str(ESCAPES), json.dumps({**world, "walls": walls})],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def open_to(told: dict[str, Any]) -> dict[str, str]:
    return {name: came for name, came in told["outcomes"].items() if came != "denied"}


def test_nothing_that_a_sandbox_tries_gets_past_its_walls(world: dict[str, Any]) -> None:
    told = behind(world, "files", "calls")
    assert [name for name, stands, _ in told["walls"] if not stands] == []
    assert open_to(told) == {}
    assert told["work"] == {"rows": 3, "sorted": 300_000}


def test_the_filter_of_calls_is_enough_where_a_kernel_has_no_landlock(
    world: dict[str, Any],
) -> None:
    told = behind(world, "calls")
    assert open_to(told) == {}
    assert told["work"] == {"rows": 3, "sorted": 300_000}


def test_landlock_is_enough_for_files_tcp_and_signals(world: dict[str, Any]) -> None:
    told = behind(world, "files")
    let_through = set(open_to(told))
    assert {name for name in let_through if not name.startswith("call ")} <= BEYOND_FILES
    assert told["work"] == {"rows": 3, "sorted": 300_000}


def test_the_escapes_work_where_there_is_no_wall(world: dict[str, Any], tmp_path: Path) -> None:
    """Else the tests above would prove nothing."""
    published = tmp_path / "copy.duckdb"
    published.write_bytes(Path(world["file"]).read_bytes())
    beside = tmp_path / "build.json"
    beside.write_text("secret", encoding="ascii")
    new = str(tmp_path / "new")
    given = {**world, "file": str(published), "beside": str(beside), "new": new}
    outcomes = behind(given)["outcomes"]
    reached = {name for name, came in outcomes.items() if came == "done"}
    assert reached >= {
        "read a file of the host",
        "read a file beside the published one",
        "list a folder",
        "write a new file",
        "connect to loopback",
        "listen",
        "send a datagram",
        "connect to an abstract socket",
        "fork",
        "signal the parent",
        "memory to run",
        "DuckDB reads a file",
        "a thread that was there before",
    }


def test_every_thread_of_a_sandbox_is_behind_the_filter(make_engine: MakeEngine) -> None:
    engine = make_engine(sandboxes=1)
    assert engine.run(query("select 1"), WIDE).values == ((1,),)
    for pid in engine.pids:
        threads = [
            (task / "status").read_text("ascii") for task in Path(f"/proc/{pid}/task").iterdir()
        ]
        assert len(threads) > 1
        assert all("\nSeccomp:\t2\n" in status for status in threads)
        assert all("\nNoNewPrivs:\t1\n" in status for status in threads)


def without_landlock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sandboxes ask for a system call that no kernel has, as they do on one before 5.13."""
    setup = "from martlet.engines import walls_files as files; files.CREATE_RULESET = 9999; "
    start = worker.BOOTSTRAP.index("from martlet")
    changed = worker.BOOTSTRAP[:start] + setup + worker.BOOTSTRAP[start:]
    monkeypatch.setattr(worker, "BOOTSTRAP", changed)


def test_a_wall_that_the_kernel_does_not_offer_is_told_and_queries_run(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    without_landlock(monkeypatch)
    engine: DuckDbEngine = make_engine()
    assert engine.run(query("select 1"), WIDE).values == ((1,),)
    files, calls = engine.walls
    assert (files.name, files.stands, calls.stands) == ("Landlock", False, True)
    assert "this kernel has none" in files.detail


def test_nothing_runs_without_walls_where_they_are_required(
    make_engine: MakeEngine, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    without_landlock(monkeypatch)
    engine = make_engine(require_walls=True)
    with pytest.raises(Unavailable) as refused:
        engine.run(query("select 1"), WIDE)
    assert refused.value.code == "server.sandbox_died"
    assert "MARTLET_REQUIRE_WALLS" in caplog.text and "Landlock" in caplog.text


@pytest.mark.parametrize(
    ("version", "files", "network", "scoped"),
    [(1, 13, 0, 0), (2, 14, 0, 0), (3, 15, 0, 0), (4, 15, 3, 0), (5, 16, 3, 0), (6, 16, 3, 3)],
)
def test_each_version_of_landlock_is_asked_for_what_it_knows(
    version: int, files: int, network: int, scoped: int
) -> None:
    given_up = walls_files.rights(version)
    assert (given_up.files, given_up.network, given_up.scoped) == (2**files - 1, network, scoped)


def judged(machine: str, number: int, *arguments: int, audit_name: int | None = None) -> int:
    """What the filter for a processor answers to a call: it is run here as a kernel runs it."""
    processor = PROCESSORS[machine]
    shown = {0: number, 4: processor.audit_name if audit_name is None else audit_name}
    shown |= {16 + 8 * i: argument & 0xFFFFFFFF for i, argument in enumerate(arguments)}
    place, held, steps = 0, 0, instructions(processor, pid=77)
    while True:
        step = steps[place]
        place += 1
        if step.code == walls_calls.RETURN:
            return step.value
        if step.code == walls_calls.LOAD:
            held = shown.get(step.value, 0)
        elif step.code == walls_calls.EQUAL:
            place += step.met if held == step.value else step.not_met
        else:
            assert step.code == walls_calls.ANY_BIT
            place += step.met if held & step.value else step.not_met


EPERM = 0x00050000 | errno.EPERM
ALLOW = 0x7FFF0000


@pytest.mark.parametrize("machine", PROCESSORS)
def test_the_filter_lets_through_what_is_listed_and_nothing_else(machine: str) -> None:
    column = PROCESSORS[machine].column
    listed = {numbers[column] for numbers in CALLS.values()}
    guarded = {call.numbers[column] for call in GUARDED.values()} | {(234, 131)[column]}
    for number in range(600):
        if number not in guarded:
            assert judged(machine, number) == (ALLOW if number in listed else EPERM), number
        assert judged(machine, number | 0x40000000) == EPERM  # the x32 numbers
        assert judged(machine, number, audit_name=0x40000003) == EPERM  # the 32-bit ones


@pytest.mark.parametrize("machine", PROCESSORS)
def test_calls_that_depend_on_an_argument(machine: str) -> None:
    column = PROCESSORS[machine].column
    clone, clone3, mmap, mprotect, prctl = (
        GUARDED[name].numbers[column] for name in ("clone", "clone3", "mmap", "mprotect", "prctl")
    )
    tgkill = (234, 131)[column]
    assert judged(machine, clone, 0x3D0F00) == ALLOW  # a thread
    assert judged(machine, clone, 0x1200011) == EPERM  # a fork
    assert judged(machine, clone3, 1) == 0x00050000 | errno.ENOSYS
    assert judged(machine, mmap, 0, 4096, 0x3) == judged(machine, mprotect, 0, 4096, 0x1) == ALLOW
    assert judged(machine, mmap, 0, 4096, 0x7) == judged(machine, mprotect, 0, 4096, 0x5) == EPERM
    assert judged(machine, prctl, 15) == ALLOW and judged(machine, prctl, 4) == EPERM
    assert judged(machine, tgkill, 77) == ALLOW and judged(machine, tgkill, 1) == EPERM


NUMBER = re.compile(r"^#define __NR(?:3264)?_(\w+)\s+(\d+)$", re.MULTILINE)
TABLES = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.mark.parametrize("machine", PROCESSORS)
def test_the_numbers_are_those_of_the_kernels_own_tables(machine: str) -> None:
    if not TABLES[machine].exists():
        pytest.skip("this machine has no kernel headers")
    table = {name: int(number) for name, number in NUMBER.findall(TABLES[machine].read_text())}
    column = PROCESSORS[machine].column
    ours = {name: numbers[column] for name, numbers in CALLS.items()}
    ours |= {name: call.numbers[column] for name, call in GUARDED.items()}
    ours |= {"tgkill": (234, 131)[column], "seccomp": PROCESSORS[machine].seccomp}
    assert {name: number for name, number in ours.items() if table.get(name) != number} in (
        {},
        {"time": None},
    )
