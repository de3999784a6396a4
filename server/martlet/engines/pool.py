"""The sandboxes of one engine: who gets which, who waits, and what replaces a lost one."""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

from martlet.engines.turns import Purpose, Queue, Ticket
from martlet.engines.worker import FileUnreadable, Startup, Worker, WorkerDied
from martlet.errors import RequestError, Unavailable
from martlet.flow.query import Stop
from martlet.flow.wall import Wall

log = logging.getLogger(__name__)

START_TRIES = 3
CLOSE_SECONDS = 5.0
SHORT_SECONDS = 1.0
SPARES = 2


@dataclass(frozen=True)
class Lease:
    """A worker for one request, for so many seconds (short turns alone end early)."""

    worker: Worker
    ticket: Ticket
    seconds: float

    @property
    def is_short(self) -> bool:
        return self.seconds < float("inf")


class Pool:
    """At most `settings.sandboxes` queries run at once; a process more stays warm for parsing
    and to take the place of one that was lost.

    When all are at work, one query of a client who has none at work, nor had long ones lately,
    gets a short turn beside them: queries that take long cannot keep out those that do not.

    All processes are started by one thread that lives as long as the pool: Linux ends a child
    when the thread that started it ends.
    """

    def __init__(self, startup: Startup) -> None:
        self._startup = startup
        self._runs_most = startup.settings.sandboxes
        self._changed = threading.Condition()
        self._idle: list[Worker] = []
        self._leased: set[Worker] = set()
        self._running = 0
        self._short: Lease | None = None
        self._starting: Worker | None = None
        self._walls: tuple[Wall, ...] = ()
        self._failures = 0
        self._is_file_unreadable = False
        self._queue = Queue(startup.settings.queue)
        self._closed = False
        self._keeper = threading.Thread(target=self._keep, name="martlet-sandboxes", daemon=True)
        self._keeper.start()

    @contextlib.contextmanager
    def lease(
        self, purpose: Purpose, end: float, stop: Stop | None = None, *, may_be_short: bool = True
    ) -> Iterator[Lease]:
        """A worker for one request; it goes back unless it was killed.

        Raises: Unavailable `server.busy` when the queue is full or `end` (monotonic) comes,
        `server.sandbox_died` when none can be started, `build.broken` when none can open the
        file; RequestError `query.cancelled`.
        """
        ticket = Ticket(purpose, stop.client if stop is not None else "", may_be_short)
        lease = self._take(ticket, end, stop)
        try:
            yield lease
        finally:
            self._give_back(lease)

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

    @property
    def walls(self) -> tuple[Wall, ...]:
        """Of the process that started last; none before one has."""
        with self._changed:
            return self._walls

    def _take(self, ticket: Ticket, end: float, stop: Stop | None) -> Lease:
        if stop is not None:
            stop.on_set(self._wake)
        try:
            with self._changed:
                self._enter_queue(ticket)
                try:
                    while not self._is_turn(ticket):
                        self._changed.wait(self._left(ticket, end, stop))
                    return self._hand_out(ticket)
                finally:
                    self._queue.leave(ticket)
                    self._changed.notify_all()
        finally:
            if stop is not None:
                stop.forget(self._wake)

    def _enter_queue(self, ticket: Ticket) -> None:
        if self._failures >= START_TRIES:
            self._failures = 0  # a new call is a new try
        self._drop_dead()
        coming = self._runs_most + 1 if self._starting or self._is_short_of_one() else 0
        if self._is_free(ticket):
            coming = len(self._queue) + 1
        if not self._queue.join(ticket, coming):
            raise busy()
        self._changed.notify_all()  # the keeper may have to start one

    def _drop_dead(self) -> None:
        """The system may have ended an idle process, for its memory."""
        dead = [worker for worker in self._idle if not worker.is_usable]
        for worker in dead:
            self._idle.remove(worker)
            worker.discard()

    def _left(self, ticket: Ticket, end: float, stop: Stop | None) -> float:
        if self._closed:
            raise _died()
        if self._failures >= START_TRIES:
            raise _unreadable() if self._is_file_unreadable else _died()
        if stop is not None and stop.is_set:
            raise cancelled()
        left = end - time.monotonic()
        if ticket.is_dropped:
            raise busy()
        if left <= 0:
            raise busy("No sandbox came free within the time a call may take.")
        return left

    def _is_turn(self, ticket: Ticket) -> bool:
        if self._closed or ticket.is_dropped:
            return False
        return self._queue.first([one for one in self._queue if self._is_free(one)]) is ticket

    def _is_free(self, ticket: Ticket) -> bool:
        if not self._idle:
            return False
        return ticket.purpose == "parse" or self._running < self._runs_most or self._is_new(ticket)

    def _is_new(self, ticket: Ticket) -> bool:
        """Whether it may have the short turn: nobody has, and its client has nothing at work and
        has used next to nothing lately."""
        if self._short is not None or not ticket.may_be_short:
            return False
        client = ticket.client
        return not self._queue.working(client) and self._queue.used(client) < SHORT_SECONDS

    def _hand_out(self, ticket: Ticket) -> Lease:
        worker = self._idle.pop()
        self._leased.add(worker)
        self._queue.begin(ticket)
        is_short = ticket.purpose == "run" and self._running >= self._runs_most
        lease = Lease(worker, ticket, SHORT_SECONDS if is_short else float("inf"))
        if is_short:
            self._short = lease
        else:
            self._running += ticket.purpose == "run"
        self._changed.notify_all()
        return lease

    def _give_back(self, lease: Lease) -> None:
        worker = lease.worker
        with self._changed:
            self._queue.end(lease.ticket)
            if lease is self._short:
                self._short = None
            else:
                self._running -= lease.ticket.purpose == "run"
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
                self._changed.wait_for(lambda: self._closed or self._is_short_of_one())
                if self._closed:
                    return
            self._start_one()

    def _is_short_of_one(self) -> bool:
        total = len(self._idle) + len(self._leased)
        return not self._idle and total < self._runs_most + SPARES and self._failures < START_TRIES

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
            self._walls = worker.walls or self._walls
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
            self._is_file_unreadable = isinstance(error, FileUnreadable)
            self._changed.notify_all()


def cancelled() -> RequestError:
    return RequestError(
        "query.cancelled",
        "The query was cancelled before it was done.",
        next_step="Ask again when you want the answer.",
    )


def busy(why: str = "All sandboxes are at work and the queue is full.") -> Unavailable:
    return Unavailable(
        "server.busy",
        why,
        next_step="Try again in a few seconds.",
    )


def _died() -> Unavailable:
    return Unavailable(
        "server.sandbox_died",
        "No sandbox process can be started.",
        next_step="Try again; if it stays so, the server's operator finds the cause in its log.",
    )


def _unreadable() -> Unavailable:
    return Unavailable(
        "build.broken",
        "The published data cannot be opened.",
        next_step="Publish again, or `martlet builds --rollback previous`.",
    )
