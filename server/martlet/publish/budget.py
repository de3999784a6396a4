"""A budget of seconds for work that can be done in part: shared out, interrupted where it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import duckdb

from martlet.publish.connect import Connection

T = TypeVar("T")


class Budget:
    """So many seconds for so many parts; what a part leaves over is there for the next."""

    def __init__(self, seconds: float, parts: int) -> None:
        self._end = time.monotonic() + seconds
        self._parts = parts

    def spend(self, con: Connection, work: Callable[[], T]) -> T | None:
        """What the next part of the work comes to, or None when its share did not suffice.

        A budget of nothing does nothing.
        """
        share = (self._end - time.monotonic()) / max(self._parts, 1)
        self._parts -= 1
        if share <= 0:
            return None
        alarm = threading.Timer(share, con.interrupt)
        alarm.start()
        try:
            return work()
        except duckdb.InterruptException:
            return None
        finally:
            alarm.cancel()
            alarm.join()  # an alarm that is late must not meet the next query
