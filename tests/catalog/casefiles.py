"""Cases as text: blocks that begin with `== title`, with named parts that begin with `-- name`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """A case: its title, and its parts in the order they stand, by name."""

    title: str
    parts: tuple[tuple[str, str], ...]

    def all(self, name: str) -> list[str]:
        return [text for part, text in self.parts if part == name]

    def lines(self, name: str) -> list[str]:
        return [line for text in self.all(name) for line in text.splitlines() if line.strip()]


def read_cases(pattern: str) -> list[Case]:
    """The cases of all files that match, in order."""
    files = sorted(FOLDER.glob(pattern))
    assert files, f"no case file {pattern}"
    return [case for file in files for case in _cases(file.read_text(encoding="utf-8"))]


def _cases(text: str) -> list[Case]:
    blocks = re.split(r"^== ", text, flags=re.MULTILINE)[1:]
    return [_case(block) for block in blocks]


def _case(block: str) -> Case:
    title, _, body = block.partition("\n")
    parts = re.split(r"^-- (.+)\n", body, flags=re.MULTILINE)[1:]
    return Case(title.strip(), tuple(zip(parts[::2], parts[1::2], strict=True)))
