"""What the system keeps a sandbox process from, as the process found it."""

from __future__ import annotations

from typing import NamedTuple


class Wall(NamedTuple):
    """One wall: whether it stands, and what it leaves open (or why it is missing)."""

    name: str
    stands: bool
    detail: str
