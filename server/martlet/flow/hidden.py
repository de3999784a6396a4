"""Characters that hide or reorder text, which no text that leaves Martlet may hold."""

from __future__ import annotations

import re
from typing import Any

# Control, bidirectional, zero-width, tag and variation characters, and lone surrogates.
# Tab, newline and carriage return stay; so do the two variation selectors of emoji.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)


def clean(text: str) -> str:
    """The text without them."""
    return text if text.isascii() and text.isprintable() else HIDDEN.sub("", text)


def clean_all(value: Any) -> Any:
    """A JSON value whose texts, names included, are all clean."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [clean_all(one) for one in value]
    if isinstance(value, dict):
        return {clean(name): clean_all(one) for name, one in value.items()}
    return value
