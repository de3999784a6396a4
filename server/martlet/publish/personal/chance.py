"""Whether so many look-alikes pass a check that it is no accident."""

from __future__ import annotations

import math

_FEW = 3  # so few candidates are believed sooner: they stand in texts, not in columns of codes


def beyond_chance(passed: int, tried: int, chance: float) -> bool:
    """True when `passed` of `tried` distinct values are more than `chance` explains.

    One passing value among one to three counts, when a look-alike rarely passes; among many, as in
    a column of order numbers, accident must be less likely than 1 in 100.
    """
    if passed == 0:
        return False
    if chance == 0:
        return True
    return _tail(passed, tried, chance) <= (0.111 if tried <= _FEW else 0.01)


def _tail(passed: int, tried: int, chance: float) -> float:
    """The probability of at least `passed` accidents in `tried` tries."""
    if tried > 500:
        spread = math.sqrt(tried * chance * (1 - chance))
        return math.erfc((passed - 0.5 - tried * chance) / spread / math.sqrt(2)) / 2
    terms = (
        math.comb(tried, count) * chance**count * (1 - chance) ** (tried - count)
        for count in range(passed)
    )
    return 1 - math.fsum(terms)
