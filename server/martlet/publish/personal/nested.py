"""The names inside nested values: keys of JSON and the fields of structs, with the path to them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from martlet.publish.personal.names import Hint, hint, holds_number, is_personal_id

Path = tuple[str, ...]
_DEEPEST = 12

# A key before a text that is not empty, or before a number; also inside a quoted JSON text.
TEXT_KEY = r"""\\*["']([^"'\\:{}\[\],]{1,60})\\*["']\s*:\s*\\*["'][^"'\\]"""
ELEMENT = r"<([A-Za-z_][\w.:-]{0,60})(?: [^<>]*)?>[^<\s]"  # of XML, before a text
NUMBER_KEY = r"""\\*["']([^"'\\:{}\[\],]{1,60})\\*["']\s*:\s*-?\d"""


def paths(value: str) -> Iterator[tuple[Path, bool]]:
    """The path to every text or number in a JSON text, and whether it is a number.

    Texts that hold JSON are followed too. Nothing for a text that is not JSON.
    """
    if value[:1] in ("{", "["):
        try:
            yield from _walk(json.loads(value), ())
        except (ValueError, RecursionError):
            return


def hint_of(column: str, mart: str, path: Path, *, is_number: bool) -> Hint | None:
    """What the names on a path say; only what needs no proof by values.

    Ids of people count here: nothing is joined by a value inside JSON, so nothing is lost.
    """
    if path and is_personal_id(path):
        return Hint("person_id")
    found = hint(column, mart, path)
    if found is None or found.weak or (is_number and not holds_number(found.kind, path[-1])):
        return None
    return found


def _walk(value: Any, path: Path) -> Iterator[tuple[Path, bool]]:
    if len(path) > _DEEPEST:
        return
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _walk(inner, (*path, str(name)))
    elif isinstance(value, list):
        for inner in value:
            yield from _walk(inner, path)
    elif isinstance(value, str) and value:
        yield path, False
        if value[0] in "{[":
            for inner_path, is_number in paths(value):
                yield (*path, *inner_path), is_number
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield path, True
