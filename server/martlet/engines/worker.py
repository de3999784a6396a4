"""One sandbox process, seen from its parent: start, ask, interrupt, kill."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import logging
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from martlet.engines import frames
from martlet.flow.query import Stop
from martlet.flow.wall import Wall
from martlet.settings import Settings

log = logging.getLogger(__name__)

START_SECONDS = 60.0
FRAME_BYTES = 64 << 20
BOOTSTRAP = (
    "import sys; sys.path.extend(sys.argv[2:]); from martlet.engines.sandbox import main; main()"
)


class WorkerDied(Exception):
    """The process ended, or spoke nonsense, before it answered."""


class FileUnreadable(WorkerDied):
    """The process could not open the published file."""


class WallsMissing(WorkerDied):
    """The system does not offer a wall that the settings ask for."""


class WorkerKilled(Exception):
    """The process was killed because it did not stop in time."""


@dataclass(frozen=True)
class Startup:
    """What every sandbox of one engine is told first."""

    file: Path
    settings: Settings

    def message(self) -> dict[str, Any]:
        return {
            "file": str(self.file.resolve()),
            "parent": os.getpid(),
            "memory_mb": self.settings.sandbox_memory_mb,
            "address_space_mb": self.settings.sandbox_address_space_mb,
            "threads": self.settings.sandbox_threads,
            "deadline_seconds": self.settings.deadline_seconds,
        }


class Bell:
    """A pipe that other threads ring to wake the one that waits; ringing late does nothing."""

    def __init__(self) -> None:
        self.heard, self._rope = os.pipe()
        self._lock = threading.Lock()
        self._gone = False

    def ring(self) -> None:
        with self._lock:
            if not self._gone:
                os.write(self._rope, b"x")

    def take_down(self) -> None:
        with self._lock:
            self._gone = True
            os.close(self.heard)
            os.close(self._rope)


class Worker:
    """Answers one request at a time, for the one thread that holds it; `end` is for any thread.

    `is_usable` turns false for good when a request was interrupted: what a query leaves behind
    when it is stopped half-way must not meet the next one.
    """

    def __init__(self, startup: Startup) -> None:
        self._folder = tempfile.mkdtemp(prefix="martlet-sandbox-")
        control, self._control = os.pipe()
        try:
            self._process = subprocess.Popen(
                _command(control),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                cwd=self._folder,
                env={},
                pass_fds=(control,),
                start_new_session=True,
                bufsize=0,
            )
        except OSError:
            os.close(self._control)
            os.rmdir(self._folder)
            raise
        finally:
            os.close(control)
        self._requests = _descriptor(self._process.stdin)
        self._replies = _descriptor(self._process.stdout)
        self._errors = _descriptor(self._process.stderr)
        frames.write(self._requests, frames.encode(startup.message()))
        os.set_blocking(self._requests, False)
        os.set_blocking(self._replies, False)
        os.set_blocking(self._errors, False)
        self._spoilt = False
        self._needs_walls = startup.settings.require_walls
        self.walls: tuple[Wall, ...] = ()
        self.resident_at_start = 0

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        return not self._spoilt and self._process.poll() is None

    def wait_ready(self) -> None:
        """Until the process has opened its file and stands within its walls.

        Raises: WorkerDied, FileUnreadable, WallsMissing.
        """
        reply = self._exchange(b"", START_SECONDS, 0.0, None)
        if not reply.get("ready"):
            kind = FileUnreadable if reply.get("failed") == "file" else WorkerDied
            raise kind(f"it said: {reply.get('text', '')}")
        self.resident_at_start = int(reply["resident"])
        self.walls = tuple(Wall(*wall) for wall in reply["walls"])
        missing = [f"{wall.name} ({wall.detail})" for wall in self.walls if not wall.stands]
        if missing and self._needs_walls:
            raise WallsMissing(f"MARTLET_REQUIRE_WALLS is set, and there is no {missing[0]}")

    def ask(
        self, request: dict[str, Any], *, seconds: float, grace: float, stop: Stop | None = None
    ) -> dict[str, Any]:
        """The reply to a request. After `seconds`, or when `stop` is set, it is interrupted.

        Raises: WorkerDied; WorkerKilled `grace` seconds after an interrupt that did not help.
        """
        bell = Bell() if stop is not None else None
        try:
            if stop is not None and bell is not None:
                stop.on_set(bell.ring)
            return self._exchange(frames.encode(request), seconds, grace, bell)
        finally:
            if stop is not None and bell is not None:
                stop.forget(bell.ring)
                bell.take_down()

    def spoil(self) -> None:
        """Not to be used again."""
        self._spoilt = True

    def end(self) -> None:
        """Kills the process and all it started; whoever holds the worker sees it die."""
        self._spoilt = True
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def discard(self) -> None:
        """Kills, waits for the end and gives the files back; for the holder, once."""
        self.end()
        self._process.wait()
        self._log_errors()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        os.close(self._control)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _exchange(
        self, outgoing: bytes, seconds: float, grace: float, bell: Bell | None
    ) -> dict[str, Any]:
        """The reply to what is sent; a process that takes or gives nothing meets the same end."""
        buffer, end, interrupted = bytearray(), time.monotonic() + seconds, False
        outgoing = self._write_part(outgoing)
        poll = select.poll()
        for descriptor in (self._replies, *((bell.heard,) if bell else ())):
            poll.register(descriptor, select.POLLIN)
        if outgoing:
            poll.register(self._requests, select.POLLOUT)
        while True:
            left = end - time.monotonic()
            ready = {fd for fd, _ in poll.poll(left * 1000)} if left > 0 else set()
            if self._requests in ready:
                outgoing = self._write_part(outgoing)
                if not outgoing:
                    poll.unregister(self._requests)
            elif self._replies in ready:
                if (reply := self._read_into(buffer)) is not None:
                    return reply
            elif interrupted and not ready:
                self.end()
                raise WorkerKilled
            elif not interrupted:
                if bell:
                    poll.unregister(bell.heard)
                self._interrupt()
                interrupted, end = True, time.monotonic() + grace

    def _write_part(self, outgoing: bytes) -> bytes:
        """What the pipe would not take yet. Raises: WorkerDied."""
        try:
            return outgoing[os.write(self._requests, outgoing) :] if outgoing else b""
        except BlockingIOError:
            return outgoing
        except BrokenPipeError as error:
            raise self._lost("it closed its pipe") from error

    def _interrupt(self) -> None:
        self._spoilt = True
        with contextlib.suppress(BrokenPipeError):
            os.write(self._control, b"x")

    def _read_into(self, buffer: bytearray) -> dict[str, Any] | None:
        """The reply when its last byte has come. Raises: WorkerDied."""
        try:
            part = os.read(self._replies, 1 << 20)
        except BlockingIOError:
            return None
        buffer += part
        size = frames.HEADER.size
        wanted = size + (frames.HEADER.unpack(buffer[:size])[0] if len(buffer) >= size else 0)
        if not part or wanted > FRAME_BYTES:
            raise self._lost("it ended before it answered")
        if len(buffer) < size or len(buffer) < wanted:
            return None
        try:
            reply = json.loads(bytes(buffer[size:wanted]))
        except (ValueError, RecursionError) as error:
            raise self._lost("it answered nonsense") from error
        if not isinstance(reply, dict):
            raise self._lost("it answered nonsense")
        return reply

    def _lost(self, how: str) -> WorkerDied:
        """The pipe may end before the system counts the process as ended."""
        self._spoilt = True
        return WorkerDied(how)

    def _log_errors(self) -> None:
        """Where the process failed, for the log; never its messages, which may hold values."""
        with contextlib.suppress(BlockingIOError):
            text = os.read(self._errors, 1 << 16).decode("utf-8", "replace")
            places = [line.strip() for line in text.splitlines() if line.startswith('  File "')]
            status = self._process.returncode
            log.debug("sandbox %d ended with %s: %s", self.pid, status, "; ".join(places))


def _command(control: int) -> list[str]:
    """Python alone (-I -S: no environment, no site), told only where Martlet and DuckDB lie."""
    folders = [str(_folder_of(name)) for name in ("martlet", "duckdb")]
    return [sys.executable, "-I", "-S", "-B", "-c", BOOTSTRAP, str(control), *folders]


def _folder_of(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(spec.origin).parent.parent


def _descriptor(stream: Any) -> int:
    number = stream.fileno()
    assert isinstance(number, int)
    return number
