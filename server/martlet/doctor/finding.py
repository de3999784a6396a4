"""What a look comes to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at. A good one may still say what to know; a bad one says what to do."""

    name: str
    good: bool
    detail: str
    next_step: str = ""
