"""Whether two cells of answers are the same value."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any


def same(one: Any, other: Any) -> bool:
    """Whether two cells (or rows) are equal: numbers by value, to the twelfth digit."""
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    left, right = number(one), number(other)
    if left is None or right is None:
        return one == other or (one is not None and other is not None and str(one) == str(other))
    return abs(left - right) <= Decimal("1e-12") * max(abs(left), abs(right))


def number(cell: Any) -> Decimal | None:
    """The cell as a number; exact ones beyond a double's digits arrive as text."""
    if cell is None or isinstance(cell, (bool, list, dict)):
        return None
    try:
        found = Decimal(str(cell))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
