"""Literals in a tree: numbers and patterns that say how large a result may become."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from martlet.gate.tree import Json, path_of
from martlet.gate.words import fold

# Functions whose result is as large as an argument says -> which argument (from 0).
SIZE_ARGUMENTS = {
    "repeat": 1,
    "lpad": 1,
    "rpad": 1,
    "bar": 3,
    "list_resize": 1,
    "array_resize": 1,
    "bitstring": 1,
    "to_base": 2,
    "equi_width_bins": 2,
}
SUMS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_WIDE = re.compile(r"\d{4,}|\*|\{[^}]*\{")
_GLUE = re.compile(rb"[A-Za-z_$\"\x80-\xff]")
# DuckDB 2.0 reads 0x1F as 0 named x1F, too; but nobody means a column by it.
_RADIX = re.compile(rb"0[xXbBoO][0-9a-fA-F]")
_DIGIT_WORD = re.compile(rb"(?<![\w\"'$])\d+_*[A-Za-z][\w$]*")
_WORD = re.compile(rb"[\w$\x80-\xff]+")


def number(expression: Json) -> float | None:
    """The value of a number that is written out, sums and products of such; None for others.

    DuckDB reckons `0 - 1000000000` before it plans, so it is as much of a literal as the result.
    """
    if expression["class"] == "CONSTANT":
        literal = expression["literal"]
        if literal["kind"] in ("INTEGER", "NUMERIC"):
            return float(literal["text"].replace("_", ""))
        return None
    reckoned = SUMS.get(path_of(expression)[-1]) if expression["class"] == "FUNCTION" else None
    if reckoned is None:
        return None
    values = [number(item["expression"]) for item in expression["arguments"]]
    known = [value for value in values if value is not None]
    if len(known) != len(values) or len(known) not in (1, 2):
        return None
    return reckoned(*known) if len(known) == 2 else reckoned(0.0, known[0])


def string(expression: Json) -> str | None:
    """The value of a text literal; None for anything else."""
    if expression["class"] != "CONSTANT" or expression["literal"]["kind"] != "STRING":
        return None
    return str(expression["literal"]["text"])


def is_bounded(expression: Json, most: int) -> bool:
    """A literal up to `most`, or least(...) with one such argument."""
    value = number(expression)
    if value is not None:
        return value <= most
    if expression["class"] == "FUNCTION" and fold(path_of(expression)[-1]) == "least":
        return any(is_bounded(item["expression"], most) for item in expression["arguments"])
    return False


def is_narrow(expression: Json) -> bool:
    """A literal format pattern without enormous widths, and without widths taken from data."""
    pattern = string(expression)
    return pattern is not None and _WIDE.search(pattern) is None


def glued_word(sql: bytes, start: int, length: int) -> str:
    """The word that a number and the name glued to it make, e.g. 60_day_LTV; "" if it is free."""
    end = start + length
    if not _GLUE.match(sql[end : end + 1]) or _RADIX.match(sql[start : start + 3]):
        return ""
    tail = _WORD.match(sql, end)
    return sql[start : tail.end() if tail else end + 1].decode("utf-8", "replace")


def digit_word_at(sql: bytes, place: int) -> str:
    """The word around a place that begins with a digit, e.g. 60_day_LTV; "" where there is none."""
    for found in _DIGIT_WORD.finditer(sql):
        if found.start() - 1 <= place <= found.end():
            return found.group().decode("utf-8", "replace")
    return ""


def twin_of(word: str, columns: list[str]) -> str:
    """The column that a glued word was probably meant for: ltv_60_day for 60_day_LTV."""
    parts = sorted(fold(word).split("_"))
    twins = [name for name in columns if sorted(fold(name).split("_")) == parts]
    return next((name for name in twins if not name[0].isdigit()), "")
