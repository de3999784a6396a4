"""The sandboxes of one engine: who gets which, who waits, and what replaces a lost one."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from martlet.engines.worker import Startup, Worker, WorkerDied
from martlet.errors import RequestError, Unavailable
from martlet.flow.query import Stop

log = logging.getLogger(__name__)

Purpose = Literal["run", "parse"]
START_TRIES = 3
CLOSE_SECONDS = 5.0


@dataclass
class _Ticket:
    purpose: Purpose


class Pool:
    """At most `settings.sandboxes` queries run at once; one process more stays warm for parsing
    and to take the place of one that was lost.

    All processes are started by one thread that lives as long as the pool: Linux ends a child
    when the thread that started it ends.
    """

    def __init__(self, startup: Startup) -> None:
        self._startup = startup
        self._runs_most = startup.settings.sandboxes
        self._queue_most = startup.settings.queue
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._leased: set[Worker] = set()
        self._running = 0
        self._starting: Worker | None = None
        self._failures = 0
        self._waiting: deque[_Ticket] = deque()
        self._closed = False
        self._keeper = threading.Thread(target=self._keep, name="martlet-sandboxes", daemon=True)
        self._keeper.start()

    @contextlib.contextmanager
    def lease(self, purpose: Purpose, seconds: float, stop: Stop | None = None) -> Iterator[Worker]:
        """A worker for one request; it goes back unless it was killed.

        Raises: Unavailable `server.busy` when the queue is full or `seconds` pass,
        `server.sandbox_died` when none can be started; RequestError `query.cancelled`.
        """
        worker = self._take(purpose, seconds, stop)
        try:
            yield worker
        finally:
            self._give_back(worker, purpose)

    def close(self) -> None:
        """Ends every process and waits until they are gone."""
        with self._changed:
            self._closed = True
            idle = list(self._idle)
            self._idle.clear()
            for worker in self._leased:
                worker.end()
            if self._starting is not None:
                self._starting.end()
            self._changed.notify_all()
        for worker in idle:
            worker.discard()
        self._keeper.join()
        with self._changed:
            self._changed.wait_for(lambda: not self._leased, timeout=CLOSE_SECONDS)

    @property
    def pids(self) -> list[int]:
        with self._changed:
            return sorted(worker.pid for worker in (*self._idle, *self._leased))

    def _take(self, purpose: Purpose, seconds: float, stop: Stop | None) -> Worker:
        end = time.monotonic() + seconds
        ticket = _Ticket(purpose)
        if stop is not None:
            stop.on_set(self._wake)
        try:
            with self._changed:
                self._enter_queue(ticket)
                try:
                    while not self._is_turn(ticket):
                        self._changed.wait(self._left(end, stop))
                    return self._hand_out(purpose)
                finally:
                    self._waiting.remove(ticket)
                    self._changed.notify_all()
        finally:
            if stop is not None:
                stop.forget(self._wake)

    def _enter_queue(self, ticket: _Ticket) -> None:
        if self._failures >= START_TRIES:
            self._failures = 0  # a new call is a new try
        self._drop_dead()
        coming = self._runs_most + 1 if self._starting or self._is_short() else 0
        if not self._is_free(ticket.purpose) and len(self._waiting) >= self._queue_most + coming:
            raise _busy()
        self._waiting.append(ticket)
        self._changed.notify_all()  # the keeper may have to start one

    def _drop_dead(self) -> None:
        """The system may have ended an idle process, for its memory."""
        dead = [worker for worker in self._idle if not worker.is_usable]
        for worker in dead:
            self._idle.remove(worker)
            worker.discard()

    def _left(self, end: float, stop: Stop | None) -> float:
        if self._closed or self._failures >= START_TRIES:
            raise _died()
        if stop is not None and stop.is_set:
            raise cancelled()
        left = end - time.monotonic()
        if left <= 0:
            raise _busy()
        return left

    def _is_turn(self, ticket: _Ticket) -> bool:
        """First come first served among those who could be served now."""
        if self._closed:
            return False
        first = next((other for other in self._waiting if self._is_free(other.purpose)), None)
        return first is ticket

    def _is_free(self, purpose: Purpose) -> bool:
        return bool(self._idle) and (purpose == "parse" or self._running < self._runs_most)

    def _hand_out(self, purpose: Purpose) -> Worker:
        worker = self._idle.pop()
        self._leased.add(worker)
        self._running += purpose == "run"
        self._changed.notify_all()
        return worker

    def _give_back(self, worker: Worker, purpose: Purpose) -> None:
        with self._changed:
            self._running -= purpose == "run"
            kept = worker.is_usable and not self._closed
            if kept:
                self._leased.discard(worker)
                self._idle.append(worker)
                self._changed.notify_all()
        if not kept:
            worker.discard()
            with self._changed:
                self._leased.discard(worker)
                self._changed.notify_all()

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _keep(self) -> None:
        """Starts a process whenever none is idle and there is room for one."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._is_short())
                if self._closed:
                    return
            self._start_one()

    def _is_short(self) -> bool:
        total = len(self._idle) + len(self._leased)
        return not self._idle and total < self._runs_most + 1 and self._failures < START_TRIES

    def _start_one(self) -> None:
        try:
            worker = Worker(self._startup)
        except OSError as error:
            self._count_failure(error)
            return
        with self._changed:
            self._starting = worker
            if self._closed:
                worker.end()
        try:
            worker.wait_ready()
        except WorkerDied as error:
            worker.spoil()
            self._count_failure(error)
        with self._changed:
            self._starting = None
            kept = worker.is_usable and not self._closed
            if kept:
                self._failures = 0
                self._idle.append(worker)
            self._changed.notify_all()
        if not kept:
            worker.discard()

    def _count_failure(self, error: Exception) -> None:
        if not self._closed:  # closing ends the one that is being started
            log.error("a sandbox could not be started: %s", error)
        with self._changed:
            self._failures += 1
            self._changed.notify_all()


def cancelled() -> RequestError:
    return RequestError(
        "query.cancelled",
        "The query was cancelled before it was done.",
        next_step="Ask again when you want the answer.",
    )


def _busy() -> Unavailable:
    return Unavailable(
        "server.busy",
        "All sandboxes are at work and the queue is full.",
        next_step="Try again in a few seconds.",
    )


def _died() -> Unavailable:
    return Unavailable(
        "server.sandbox_died",
        "No sandbox process can be started.",
        next_step="Try again; if it stays so, the server's operator finds the cause in its log.",
    )
