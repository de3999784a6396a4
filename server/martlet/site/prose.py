"""Texts and numbers as a page shows them. What the catalog says is text, never markup."""

from __future__ import annotations

import re
from collections.abc import Callable

from markupsafe import Markup, escape

# Control and bidi characters: a text could hide, or show its words in another order.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_CODE = re.compile(r"`([^`]+)`")
_NAME = re.compile(r"\b([A-Za-z]\w*_\w+(?:\.\w+)?)\b")


def clean(value: object) -> str:
    """The value as text, without characters that cannot be seen."""
    return _UNSEEN.sub("", str(value))


def prose(text: str, link: Callable[[str], str]) -> Markup:
    """A description: escaped, with `names` as code, and as links where `link` knows their page.

    A bare word with an underscore is a name, too, if it has a page.
    """
    shown: list[Markup] = []
    for index, part in enumerate(_CODE.split(clean(text))):
        shown += [_code(part, link(part))] if index % 2 else _plain(part, link)
    return Markup("").join(shown)


def _plain(text: str, link: Callable[[str], str]) -> list[Markup]:
    return [
        _code(part, link(part)) if index % 2 and link(part) else escape(part)
        for index, part in enumerate(_NAME.split(text))
    ]


def _code(name: str, url: str) -> Markup:
    if url:
        return Markup('<a href="{}"><code>{}</code></a>').format(url, name)
    return Markup("<code>{}</code>").format(name)


def sentence(text: str) -> str:
    """The first sentence, for lists."""
    words = " ".join(clean(text).split())
    first = re.split(r"(?<=[^A-Z.][.!?]) ", words, maxsplit=1)[0]
    return first if len(first) <= 220 else first[:219].rstrip() + "…"


def count(number: int) -> str:
    """A whole number with narrow gaps: 12 345."""
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def quantity(value: float | int | None, unit: str = "", form: str = "") -> str:
    """A metric's value for reading, at most seven digits; empty for none."""
    if value is None:
        return "–"
    if form == "percent":
        return f"{value * 100:.1f}\N{NARROW NO-BREAK SPACE}%"
    digits = 0 if float(value).is_integer() or abs(value) >= 100_000 else 2
    small = 0 < abs(value) < 0.01
    text = f"{value:.3g}" if small else f"{value:,.{digits}f}"
    text = text.replace(",", "\N{NARROW NO-BREAK SPACE}")
    return f"{text}\N{NARROW NO-BREAK SPACE}{unit}" if unit not in _SILENT else text


_SILENT = ("", "count", "ratio")


def compact(value: float, form: str = "") -> str:
    """A value in few letters, to stand over a bar: 182k, 3.5 %."""
    if form == "percent":
        return f"{value * 100:.3g}\N{NARROW NO-BREAK SPACE}%"
    for size, sign in ((1e9, "bn"), (1e6, "m"), (1e4, "k")):
        if abs(value) >= size:
            scaled = value / min(size, 1e3) if sign == "k" else value / size
            return f"{scaled:.0f}{sign}" if abs(scaled) >= 100 else f"{scaled:.1f}{sign}"
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
