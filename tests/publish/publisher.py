"""Publishers as processes of their own: killed at a step, short of disk, or left in peace.

A step is a call of the disk or of DuckDB. The publisher's process counts them by standing before
`os` and `duckdb`, so that the code under test has no place made for its tests. One process imports
everything once, and every publisher is a fork of it.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import resource
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import duckdb

ROOT = Path(__file__).parents[2]
CALLS = ("open", "mkdir", "fsync", "replace", "rename", "link", "unlink", "remove", "rmdir")
CHANGES = ("attach", "create", "checkpoint", "detach")  # of DuckDB; the others only read


@dataclass(frozen=True)
class Ended:
    """How a publisher ended: `code` is that of a process, so -9 is a kill."""

    code: int
    said: str
    steps: tuple[str, ...]
    seconds: float

    @property
    def killed(self) -> bool:
        return self.code in (-signal.SIGKILL, -signal.SIGXFSZ)


class Publishers:
    """Runs `martlet` with some words, and with a trouble.

    `kill:N` kills it before its Nth step, or before the first that has N for a word; `after:S`
    after so many seconds, wherever it is then. `full:N` fills the disk before such a step. With
    `size:N` no file may grow beyond N bytes; with `cut:N` the write that would do so kills.
    """

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def run(self, *words: object, trouble: str = "") -> Ended:
        assert self._process.stdin and self._process.stdout
        print(json.dumps([[str(word) for word in words], trouble]), file=self._process.stdin)
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        return Ended(told["code"], told["said"], tuple(told["steps"]), told["seconds"])


@contextmanager
def publishers() -> Iterator[Publishers]:
    """Publishers for as long as the block lasts."""
    command = [sys.executable, "-m", "tests.publish.publisher"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        yield Publishers(process)
        assert process.stdin
        process.stdin.close()


def _serve() -> None:
    for line in sys.stdin:
        words, trouble = json.loads(line)
        print(json.dumps(_run(words, trouble)), flush=True)


def _run(words: Sequence[str], trouble: str) -> dict[str, Any]:
    """Fork a publisher and wait for its end."""
    said, steps = os.pipe(), os.pipe()
    began = os.times().elapsed
    fcntl.fcntl(steps[1], fcntl.F_SETPIPE_SZ, 1 << 20)  # all of them, before anybody reads
    child = os.fork()
    if not child:
        os.dup2(said[1], 1)
        os.dup2(said[1], 2)
        _publish(words, trouble, steps[1])
    os.close(said[1])
    os.close(steps[1])
    kind, _, seconds = trouble.partition(":")
    if kind == "after":
        _kill_after(child, float(seconds))
    output = {"said": _read(said[0]), "steps": _read(steps[0]).splitlines()}
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return {**output, "code": code, "seconds": os.times().elapsed - began}


def _kill_after(child: int, seconds: float) -> None:
    ended = os.pidfd_open(child)
    if not select.select([ended], [], [], seconds)[0]:
        os.kill(child, signal.SIGKILL)
    os.close(ended)


def _read(pipe: int) -> str:
    with os.fdopen(pipe, encoding="utf-8") as stream:
        return stream.read()


def _publish(words: Sequence[str], trouble: str, told: int) -> NoReturn:
    """Be a publisher, to the end of this process."""
    from martlet import cli

    kind, _, number = trouble.partition(":")
    if kind in ("size", "cut"):
        _limit(int(number), deadly=kind == "cut")
    _Steps(told, kind, number if kind in ("kill", "full") else "never").stand_before()
    sys.argv = ["martlet", *words]
    code: object = 0
    try:
        cli.main()
    except SystemExit as end:
        code = end.code
    finally:
        sys.stdout.flush()
        os._exit(code if isinstance(code, int) else 1)


def _limit(size: int, *, deadly: bool = False) -> None:
    """No file may grow beyond a size. The system's signal for that kills, or is not heard."""
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL if deadly else signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


class _Steps:
    """Counts steps, writes each down before it is taken, and brings the trouble at its number."""

    def __init__(self, told: int, kind: str, at: str) -> None:
        self._told, self._kind, self._at, self._count = told, kind, at, 0

    def stand_before(self) -> None:
        for name in CALLS:
            setattr(os, name, self._before(getattr(os, name)))
        io.open = self._before(io.open)
        connect = duckdb.connect
        duckdb.connect = lambda *words, **more: _Connection(connect(*words, **more), self.take)

    def _before(self, call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*words: Any, **more: Any) -> Any:
            self.take(f"{call.__name__} {words[0]}")
            return call(*words, **more)

        return counted

    def take(self, step: str) -> None:
        if self._at == str(self._count) or self._at in step.split():
            if self._kind == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            _limit(0)
        self._count += 1
        os.write(self._told, step.splitlines()[0].encode() + b"\n")


class _Connection:
    """A connection of which every statement is a step."""

    def __init__(self, connection: Any, take: Callable[[str], None]) -> None:
        self._connection, self._take = connection, take

    def execute(self, query: str, *words: Any) -> Any:
        if query.split(maxsplit=1)[0] in CHANGES:
            self._take(query)
        return self._connection.execute(query, *words)

    def close(self) -> None:
        self._take("close")
        self._connection.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


if __name__ == "__main__":
    from martlet import build, progress, review  # noqa: F401  # imported once, before the forks

    _serve()
