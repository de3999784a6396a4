"""SQL and JSON with their words marked, for reading."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

from martlet.site.prose import clean

_SPOKEN = """
and as asc between by case cast cross date desc distinct else end except extract false filter first
from full group having in inner interval is join last lateral left limit not null nulls on or order
over partition right select then true union using when where with
"""
_WORDS = "|".join(_SPOKEN.split())
_TOKEN = re.compile(
    rf"""(?P<text>'(?:[^']|'')*')|(?P<name>"(?:[^"]|"")*")|(?P<word>\b(?:{_WORDS})\b)"""
    r"|(?P<number>\b\d+(?:\.\d+)?\b)",
    re.IGNORECASE,
)
_TAGS = {"text": "s", "word": "b", "number": "u"}  # the style sheet gives each a colour


def marked(text: str) -> Markup:
    """The text escaped, with strings, key words and numbers in elements of their own."""
    shown, end, whole = [], 0, clean(text)
    for match in _TOKEN.finditer(whole):
        shown.append(escape(whole[end : match.start()]))
        tag = _TAGS.get(match.lastgroup or "")
        piece = escape(match[0])
        shown.append(Markup(f"<{tag}>{piece}</{tag}>") if tag else piece)
        end = match.end()
    return Markup("").join([*shown, escape(whole[end:])])
