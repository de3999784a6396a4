"""Who waits for a sandbox, and whose turn it is: clients are served in turns."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

Purpose = Literal["run", "parse"]

# What a client has used counts half after so many seconds, and nothing below so few.
HALF_LIFE_SECONDS = 30.0
LEAST_SECONDS = 0.25


@dataclass(eq=False)
class Ticket:
    """One call that waits. `is_dropped` once another client's call took its place."""

    purpose: Purpose
    client: str
    may_be_short: bool
    is_dropped: bool = field(default=False)
    began: float = field(default=0.0)


class Usage:
    """How many seconds of sandboxes each client has used lately: older ones count ever less."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._noted: dict[str, tuple[float, float]] = {}

    def add(self, client: str, seconds: float) -> None:
        self._noted[client] = (self.of(client) + seconds, self._clock())
        for other in [one for one in self._noted if self.of(one) < LEAST_SECONDS]:
            del self._noted[other]

    def of(self, client: str) -> float:
        seconds, at = self._noted.get(client, (0.0, 0.0))
        return float(seconds * 0.5 ** ((self._clock() - at) / HALF_LIFE_SECONDS))


class Queue:
    """Tickets in the order in which they came, and what each client has at work. Not locked.

    The next turn is that of the client who has least at work, then of the one who has used least
    time lately, then of the one whose last turn lies longest back; its own tickets are served in
    their order. So a client with many or long queries makes itself wait, not others.
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._usage = Usage(clock)
        self._waiting: list[Ticket] = []
        self._working: Counter[str] = Counter()
        self._last_turn: dict[str, int] = {}
        self._turns = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def __iter__(self) -> Iterator[Ticket]:
        return iter(self._waiting)

    def working(self, client: str) -> int:
        """How many queries of this client run now."""
        return self._working[client]

    def used(self, client: str) -> float:
        """Seconds of sandboxes that this client has used lately."""
        return self._usage.of(client)

    def join(self, ticket: Ticket, coming: int) -> bool:
        """Whether there is room: `coming` places more for those about to be served.

        A full queue makes room for a client who waits with less, at the cost of the newest
        ticket of the one who waits with most.
        """
        if len(self._waiting) >= self._most + coming and not self._make_room(ticket):
            return False
        self._waiting.append(ticket)
        return True

    def leave(self, ticket: Ticket) -> None:
        if ticket in self._waiting:
            self._waiting.remove(ticket)
        self._forget(ticket.client)

    def first(self, candidates: list[Ticket]) -> Ticket | None:
        """Whose turn it is among those who could be served now."""
        return min(candidates, key=self._precedence, default=None)

    def begin(self, ticket: Ticket) -> None:
        """The ticket gets its turn."""
        self._turns += 1
        ticket.began = self._clock()
        self._last_turn[ticket.client] = self._turns
        self._working[ticket.client] += ticket.purpose == "run"

    def end(self, ticket: Ticket) -> None:
        if ticket.purpose == "run":
            self._usage.add(ticket.client, self._clock() - ticket.began)
        self._working[ticket.client] -= ticket.purpose == "run"
        self._forget(ticket.client)

    def _precedence(self, ticket: Ticket) -> tuple[bool, int, float, int, int]:
        """Parsing takes a millisecond and goes first."""
        return (
            ticket.purpose == "run",
            self._working[ticket.client],
            self._usage.of(ticket.client) // LEAST_SECONDS,
            self._last_turn.get(ticket.client, 0),
            self._waiting.index(ticket),
        )

    def _make_room(self, ticket: Ticket) -> bool:
        waiting = Counter(other.client for other in self._waiting)
        client, most = max(waiting.items(), key=lambda item: item[1], default=("", 0))
        if waiting[ticket.client] + 1 >= most:
            return False
        newest = next(other for other in reversed(self._waiting) if other.client == client)
        newest.is_dropped = True
        self._waiting.remove(newest)
        return True

    def _forget(self, client: str) -> None:
        """Nothing is kept of a client who has no call here."""
        if not self._working[client]:
            del self._working[client]
            if not any(other.client == client for other in self._waiting):
                self._last_turn.pop(client, None)
