"""Places and names in SQL text, as DuckDB counts and compares them."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

NOWHERE = 2**64 - 1
FRAGMENT = 40
_WORD = re.compile(
    r"[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|(\$\w*\$).*?\1"
    r"|--[^\n]*|/\*.*?\*/|\w+|\S",
    re.DOTALL,
)
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold(name: str) -> str:
    """A name as DuckDB compares it: ASCII letters only, so the Kelvin sign is not a k."""
    return name.translate(_TO_LOWER)


@dataclass(frozen=True)
class Word:
    """A word, a quoted text or a sign; `start` counts characters."""

    text: str
    start: int

    @property
    def name(self) -> str:
        """As a name: folded, without its quotes."""
        return fold(self.text[1:-1] if self.text[0] in "\"'" else self.text)


class Text:
    """The SQL as bytes, which is how DuckDB counts places.

    `asked` is the caller's text where the gate has written this one from it: places are then told
    as the caller can find them.
    """

    def __init__(self, sql: str, asked: str | None = None) -> None:
        self.sql = sql
        self.bytes = sql.encode("utf-8", "surrogatepass")
        self.asked = None if asked is None else Text(asked)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """Words, quoted names and signs, for telling places only; comments are left out."""
        found = (Word(one.group(), one.start()) for one in _WORD.finditer(self.sql))
        return tuple(word for word in found if not word.text.startswith(("--", "/*")))

    def find(self, names: Sequence[str]) -> str:
        """Where a name, with its qualifiers, first stands in the text; empty when nowhere."""
        wanted = [fold(part) for name in names for part in (name, ".")][:-1]
        for place in range(len(self.words) - len(wanted) + 1 if wanted else 0):
            here = self.words[place : place + len(wanted)]
            if [word.name for word in here] == wanted:
                return self.at(here[0], here[-1])
        return ""

    def at(self, first: Word, last: Word | None = None) -> str:
        """The place of a word, or of all from one word to another."""
        end = (last or first).start + len((last or first).text)
        before, inside = self.sql[: first.start], self.sql[first.start : end]
        return self.where(*(len(one.encode("utf-8", "surrogatepass")) for one in (before, inside)))

    def where(self, start: int | None, length: int = 0) -> str:
        """ "line 2, column 8: sum(amount)" for a byte offset; empty when it is not known."""
        if start is None or not 0 <= start <= len(self.bytes):
            return ""
        if self.asked is not None:
            place = self.asked.bytes.find(self.bytes[start : start + length])
            return self.asked.where(place, length) if length and place >= 0 else ""
        before = self.bytes[:start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        end = start + length if length else len(self.bytes)
        fragment = self.bytes[start:end].decode("utf-8", "replace").split("\n")[0].strip()
        if len(fragment) > FRAGMENT:
            fragment = fragment[: FRAGMENT - 1] + "…"
        return f"line {line}, column {column}" + (f": {fragment}" if fragment else "")
