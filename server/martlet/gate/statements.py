"""Where the statements of a text begin and end, as DuckDB's lexer sees it.

For files of queries, which people write; what the gate decides never rests on it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_PART = re.compile(
    r"(?<!\w)[eE]'(?:[^'\\]|\\.|'')*'?"
    r"|'(?:[^']|'')*'?"
    r'|"(?:[^"]|"")*"?'
    r"|(?<![\w$])(\$(?:[A-Za-z_]\w*)?\$).*?(?:\1|\Z)"
    r"|--[^\n]*|/\*|\*/|;|\s+|.",
    re.DOTALL,
)


@dataclass(frozen=True)
class Statement:
    """One statement without what stands before it; `line` and `column` count from 1."""

    line: int
    column: int
    sql: str


def split(text: str) -> Iterator[Statement]:
    """The statements of a text, without semicolons; empty ones and comments alone are none."""
    begin = -1
    for place, part in _significant(text):
        if part == ";":
            if begin >= 0:
                yield _statement(text, begin, place)
            begin = -1
        elif begin < 0:
            begin = place
    if begin >= 0:
        yield _statement(text, begin, len(text))


def first(text: str) -> Statement | None:
    """All of a text from its first word on, however many statements it holds."""
    place = next((place for place, part in _significant(text) if part != ";"), None)
    return None if place is None else _statement(text, place, len(text))


def _significant(text: str) -> Iterator[tuple[int, str]]:
    """The parts that are neither white space nor comments; comments nest."""
    depth = 0
    for found in _parts(text):
        part = found.group()
        if part == "/*":
            depth += 1
        elif depth:
            depth -= part == "*/"
        elif not part.isspace() and not part.startswith("--"):
            yield found.start(), part


def _parts(text: str) -> Iterator[re.Match[str]]:
    """Inside a comment quotes mean nothing, so it is read sign by sign."""
    place, depth = 0, 0
    while place < len(text):
        pattern = _IN_COMMENT if depth else _PART
        found = pattern.match(text, place)
        assert found is not None, "every character is a part"
        depth = max(depth + (found.group() == "/*") - (found.group() == "*/"), 0)
        place = found.end()
        yield found


_IN_COMMENT = re.compile(r"/\*|\*/|[^/*]+|.", re.DOTALL)


def _statement(text: str, begin: int, end: int) -> Statement:
    line = text.count("\n", 0, begin) + 1
    column = begin - (text.rfind("\n", 0, begin) + 1) + 1
    return Statement(line, column, text[begin:end])
