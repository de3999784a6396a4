r"""Attacks as text: `attacks/*.sql` hold a kind of attack, the code that answers it, and one SQL
text a line, in which \n, \r, \\ and \uXXXX stand for characters that nobody could read."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ESCAPED = re.compile(r"\\(?:u([0-9a-f]{4})|U([0-9a-f]{8})|([nr\\]))")


@dataclass(frozen=True)
class Attack:
    """One SQL text that must be refused with this code."""

    kind: str
    code: str
    sql: str


def plain(line: str) -> str:
    def character(found: re.Match[str]) -> str:
        number, sign = found[1] or found[2], found[3]
        return chr(int(number, 16)) if number else {"n": "\n", "r": "\r", "\\": "\\"}[sign]

    return ESCAPED.sub(character, line)


def read_attacks(path: Path) -> list[Attack]:
    found = []
    for block in path.read_text(encoding="utf-8").split("-- attack: ")[1:]:
        kind, expect, *lines = block.strip("\n").split("\n")
        code = expect.removeprefix("-- expect: ")
        found += [Attack(kind, code, plain(line)) for line in lines if line]
    return found
