r"""Classes of letters that RE2 compiles fast.

RE2 unfolds `\p{L}` to some 600 ranges of characters, ten times the work of these few; in a small
mart that, and not the search, is what looking for personal data costs. The ranges hold the letters
of the living scripts, and beside them some marks and digits of those scripts.
"""

from __future__ import annotations

import re
from functools import cache

_CLASSES = {
    r"\p{L}": r"A-Za-z\x{AA}\x{B5}\x{BA}\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2AF}\x{370}-\x{1FFF}"
    r"\x{2C00}-\x{2DFF}\x{3041}-\x{D7FF}\x{F900}-\x{FE0F}\x{FE70}-\x{FEFC}\x{FF21}-\x{FF3A}"
    r"\x{FF41}-\x{FFDC}\x{10000}-\x{1EFFF}\x{20000}-\x{3FFFF}",
    # In Latin Extended capitals and small letters alternate, so both classes hold them all.
    r"\p{Lu}": r"A-Z\x{C0}-\x{D6}\x{D8}-\x{DE}\x{100}-\x{24F}\x{386}-\x{3AB}\x{400}-\x{42F}"
    r"\x{460}-\x{556}\x{1E00}-\x{1EFF}",
    r"\p{Ll}": r"a-z\x{DF}-\x{F6}\x{F8}-\x{FF}\x{100}-\x{24F}\x{3AC}-\x{3CE}\x{430}-\x{52F}"
    r"\x{560}-\x{588}\x{1E00}-\x{1EFF}",
    r"\p{N}": r"0-9\x{B2}\x{B3}\x{B9}\x{BC}-\x{BE}\x{660}-\x{669}\x{6F0}-\x{6F9}\x{966}-\x{96F}"
    r"\x{FF10}-\x{FF19}",
}
_PARTS = re.compile(r"\\p\{\w+\}|\\.|\[\^?\]?|\]|.", re.DOTALL)


@cache
def with_ranges(regex: str) -> str:
    r"""A regex for RE2 in which `\p{L}`, `\p{Lu}`, `\p{Ll}` and `\p{N}` are written as ranges."""
    parts, inside = [], False
    for part in _PARTS.findall(regex):
        if part in _CLASSES:
            parts.append(_CLASSES[part] if inside else f"[{_CLASSES[part]}]")
            continue
        if part[0] == "[" and not inside:
            inside = True
        elif part == "]":
            inside = False
        parts.append(part)
    return "".join(parts)
