"""Cuts SQL text of any kind into pieces; whatever is given, the pieces are the text again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

Kind = Literal["space", "string", "quoted", "comment", "address", "number", "word", "symbol"]

# Where two readings are possible the longer one is taken: too much is hidden, never too little.
# What is not closed reaches to the end; a comment that opens another one does, too.
_PIECE = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>--[^\n]* | /\*(?:(?!/\*|\*/).)*\*/ | /\*.*)
    | (?P<string>
          [eE]'(?:[^'\\]|\\.|'')*' | [eE]'.*
        | '(?:[^']|'')*' | '.*
        | \$(?P<tag>(?:[^\W\d]\w*)?)\$.*?\$(?P=tag)\$ | \$(?:[^\W\d]\w*)?\$.*
      )
    | (?P<quoted>"(?:[^"]|"")*" | ".*)
    | (?P<address>[\w.+%\-]{0,254}+@[\w.\-]*)
    | (?P<number>\d[\w]*(?:\.\w+)* | \.\d\w*)
    | (?P<word>[^\W\d]\w*)
    | (?P<symbol>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_TAGGED = re.compile(r"\$\w*\$")


@dataclass(frozen=True)
class Piece:
    """A piece of SQL text as it stands there."""

    kind: Kind
    text: str

    @property
    def value(self) -> str:
        """What a literal, a quoted name or a comment holds, without its marks."""
        text = self.text
        if self.kind == "comment":
            return text.lstrip("-/*").removesuffix("*/")
        if self.kind == "string" and text.startswith("$"):
            tag = _TAGGED.match(text)
            mark = tag.group() if tag else "$"
            return text.removeprefix(mark).removesuffix(mark)
        if self.kind in ("string", "quoted"):
            mark = text[1] if text[0] in "eE" else text[0]
            inner = text.lstrip("eE")[1:].removesuffix(mark)
            return inner.replace(mark * 2, mark)
        return text


def pieces(sql: str) -> Iterator[Piece]:
    """The pieces in order."""
    for found in _PIECE.finditer(sql):
        yield Piece(cast(Kind, found.lastgroup), found.group())
