"""Whose turn it is: clients are served in turns, and a greedy one makes itself wait."""

from __future__ import annotations

from collections.abc import Sequence

from martlet.engines.turns import Queue, Ticket


def ticket(client: str, purpose: str = "run") -> Ticket:
    return Ticket("parse" if purpose == "parse" else "run", client, True)


def queue_of(clients: Sequence[str], most: int = 100) -> Queue:
    queue = Queue(most)
    for client in clients:
        assert queue.join(ticket(client), 0)
    return queue


def served(queue: Queue, *, together: int = 1) -> str:
    """The clients in the order of their turns, so many at work at once."""
    order, working = "", []
    while len(queue):
        if len(working) == together:
            queue.end(working.pop(0))
        first = queue.first(list(queue))
        assert first is not None
        queue.begin(first)
        queue.leave(first)
        working.append(first)
        order += first.client
    return order


def test_clients_take_turns_however_many_calls_each_has() -> None:
    assert served(queue_of("aaaaabbc")) == "abcabaaa"
    assert served(queue_of("aaaaabbc"), together=2) == "abcabaaa"


def test_one_client_is_served_in_its_own_order() -> None:
    queue = queue_of("aaa")
    assert [queue.first(list(queue))] == [next(iter(queue))]
    assert served(queue) == "aaa"


def test_a_client_with_a_query_at_work_waits_for_one_without() -> None:
    queue = queue_of("a")
    first = next(iter(queue))
    queue.begin(first)
    queue.leave(first)
    for client in ("a", "a", "b"):
        queue.join(ticket(client), 0)
    assert served(queue) == "baa"


class Clock:
    """Time as the test tells it."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def spend(queue: Queue, clock: Clock, client: str, seconds: float) -> None:
    """One query of a client that runs for so long."""
    one = ticket(client)
    queue.begin(one)
    clock.now += seconds
    queue.end(one)


def test_a_client_who_used_much_time_waits_for_those_who_did_not() -> None:
    queue = Queue(100, clock := Clock())
    spend(queue, clock, "h", 4.0)
    spend(queue, clock, "a", 0.01)
    spend(queue, clock, "b", 0.02)
    for client in "hhab":
        queue.join(ticket(client), 0)
    assert served(queue) == "abhh"


def test_time_used_is_forgotten_by_and_by() -> None:
    queue = Queue(100, clock := Clock())
    spend(queue, clock, "h", 4.0)
    clock.now += 30
    assert 1.9 < queue.used("h") < 2.1
    clock.now += 300
    assert queue.used("h") < 0.01
    spend(queue, clock, "a", 1.0)
    assert list(vars(vars(queue)["_usage"])["_noted"]) == ["a"], "nothing is kept of those gone"


def test_parsing_goes_before_running() -> None:
    queue = queue_of("ab")
    parse = ticket("a", "parse")
    queue.join(parse, 0)
    assert queue.first(list(queue)) is parse


def test_a_full_queue_refuses_the_client_who_fills_it() -> None:
    queue = queue_of("aaa", most=3)
    assert not queue.join(ticket("a"), 0)
    assert len(queue) == 3


def test_a_full_queue_makes_room_for_a_client_who_waits_with_less() -> None:
    queue = queue_of("aaab", most=4)
    tickets = list(queue)
    assert queue.join(ticket("c"), 0)
    assert [one.is_dropped for one in tickets] == [False, False, True, False]
    assert not queue.join(ticket("c"), 0)
    assert served(queue) == "abca"


def test_a_queue_of_no_places_takes_only_what_is_about_to_be_served() -> None:
    queue = Queue(0)
    assert not queue.join(ticket("a"), 0)
    assert queue.join(ticket("a"), 1)


def test_nothing_is_kept_of_clients_who_are_gone() -> None:
    queue = queue_of([f"client {number}" for number in range(50)])
    for one in list(queue):
        queue.begin(one)
        queue.leave(one)
        queue.end(one)
    assert vars(queue)["_last_turn"] == {}
    assert not vars(queue)["_working"]
