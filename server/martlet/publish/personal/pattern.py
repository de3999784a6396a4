"""One look that personal data has in values. SQL finds candidates (RE2), Python confirms them.

The first group of `regex` is the candidate. `chance` is the share of look-alikes that pass
`confirm` by accident; 0 where one confirmed value is proof. `codes`: columns that number things by
their name are left out. `needle`: texts without one of these strings cannot match.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

BEFORE = r"(?:^|[^\p{L}\p{N}_.\-/#+])"
AFTER = r"(?:$|[^\p{L}\p{N}_\-])"


@dataclass(frozen=True)
class Pattern:
    kind: str
    regex: str
    confirm: Callable[[str], bool] | None = None
    chance: float = 0.0
    codes: bool = False
    things: float = 0.0  # least share of values, where a column names products or places
    needle: tuple[str, ...] = ()
    numbers: bool = False  # also in columns of whole numbers
    digits: bool = False  # texts with fewer than four digits cannot match
    plain: bool = False  # accents are taken off before
    words: frozenset[str] = frozenset()  # texts without one of these words cannot match

    def can_match(self, text: str, words: frozenset[str], *, digits: bool) -> bool:
        """Whether texts could match. `words` are all of theirs, lower case and without accents."""
        needed = not self.needle or any(part in text for part in self.needle)
        return (
            needed
            and (digits or not self.digits)
            and (not self.words or not self.words.isdisjoint(words))
        )
