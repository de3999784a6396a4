"""DuckDB types whose values Python cannot hold as they are, and the types to ask for instead."""

from __future__ import annotations

from typing import Any

NESTED = frozenset({"list", "array", "struct", "tuple", "map", "union"})
# Months and nanoseconds, which Python's types would change.
LOSSY = frozenset({"interval", "timestamp_ns", "timestamptz_ns", "time_ns"})
# Their infinity is given as the last or first moment that Python knows.
MOMENTS = frozenset(
    {"date", "timestamp", "timestamp_s", "timestamp_ms", "timestamp with time zone"}
)


def has_type(kind: Any, wanted: frozenset[str]) -> bool:
    """Whether a value of this type is, or holds, one of the wanted types."""
    return kind.id in wanted or any(has_type(child, wanted) for _, child in _inner(kind))


def text_type(kind: Any, as_text: frozenset[str]) -> str:
    """The type as SQL writes it, with VARCHAR in place of the given types at any depth."""
    if kind.id in as_text:
        return "VARCHAR"
    parts = [(name, text_type(child, as_text)) for name, child in _inner(kind)]
    if kind.id == "list":
        return f"{parts[0][1]}[]"
    if kind.id == "array":
        return f"{parts[0][1]}[{dict(kind.children)['size']}]"
    if kind.id in ("struct", "union"):
        named = ", ".join(f"{quoted(name)} {text}" for name, text in parts)
        return f"{kind.id}({named})"
    if kind.id in ("map", "tuple"):
        return f"{kind.id}({', '.join(text for _, text in parts)})"
    return str(kind)


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _inner(kind: Any) -> list[tuple[str, Any]]:
    """The types inside a nested one; the first of a union is its own tag."""
    if kind.id not in NESTED:
        return []
    inner = [(name, child) for name, child in kind.children if name != "size"]
    return inner[1:] if kind.id == "union" else inner
