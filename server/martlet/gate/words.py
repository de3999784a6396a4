"""Places and names in SQL text, as DuckDB counts and compares them."""

from __future__ import annotations

import string

NOWHERE = 2**64 - 1
FRAGMENT = 40
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold(name: str) -> str:
    """A name as DuckDB compares it: ASCII letters only, so the Kelvin sign is not a k."""
    return name.translate(_TO_LOWER)


class Text:
    """The SQL as bytes, which is how DuckDB counts places."""

    def __init__(self, sql: str) -> None:
        self.sql = sql
        self.bytes = sql.encode("utf-8", "surrogatepass")

    def where(self, start: int | None, length: int = 0) -> str:
        """ "line 2, column 8: sum(amount)" for a byte offset; empty when it is not known."""
        if start is None or not 0 <= start <= len(self.bytes):
            return ""
        before = self.bytes[:start].decode("utf-8", "replace")
        line = before.count("\n") + 1
        column = len(before) - (before.rfind("\n") + 1) + 1
        end = start + length if length else len(self.bytes)
        fragment = self.bytes[start:end].decode("utf-8", "replace").split("\n")[0].strip()
        if len(fragment) > FRAGMENT:
            fragment = fragment[: FRAGMENT - 1] + "…"
        return f"line {line}, column {column}" + (f": {fragment}" if fragment else "")
