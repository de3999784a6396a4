"""DuckDB values as JSON cells: exact, finite, cleaned, and cut to limits. Runs in the sandbox."""

from __future__ import annotations

import contextlib
import datetime
import decimal
import json
import math
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from martlet.engines.sandbox_types import MOMENTS, NESTED
from martlet.flow.hidden import HIDDEN

EXACT_INTEGER = 2**53
EXACT_DIGITS = 15
ELLIPSIS = "…"
FETCH_ROWS = 50
NAME_CHARACTERS = 200
TYPE_CHARACTERS = 500

# What Python's client gives for infinity, and for these days themselves.
ENDS_OF_TIME = (
    datetime.date.min,
    datetime.date.max,
    datetime.datetime.min,
    datetime.datetime.max,
)

Reader = Callable[[Any], Any]


class CellLimits(NamedTuple):
    """Rows, characters of all rows as JSON, characters of one cell."""

    rows: int
    characters: int
    cell_characters: int


class Taker:
    """Turns values into cells and counts what it had to change."""

    def __init__(self, cell_characters: int) -> None:
        self.cell_characters = cell_characters
        self.cut_cells = 0
        self.not_finite = 0
        self.cleaned = 0
        self.doubtful = False

    def reader(self, kind: Any) -> Reader:
        """The function that reads one column of this DuckDB type."""
        if kind.id in NESTED:
            nested = self._nested(kind)
            return lambda value: None if value is None else self._fit(nested(value))
        scalar = self._scalar(kind)
        return lambda value: None if value is None else scalar(value)

    def row(
        self, readers: list[Reader], values: tuple[Any, ...], room: int
    ) -> tuple[list[Any] | None, int]:
        """The cells of one row and their size as JSON; None, and nothing counted, beyond `room`."""
        before = (self.cut_cells, self.not_finite, self.cleaned)
        row = [read(value) for read, value in zip(readers, values, strict=True)]
        size = len(json.dumps(row, ensure_ascii=False, separators=(",", ":"))) + 1
        if size <= room:
            return row, size
        self.cut_cells, self.not_finite, self.cleaned = before
        return None, 0

    def _scalar(self, kind: Any) -> Reader:
        reader: Reader = getattr(self, READERS.get(kind.id, "_text"))
        return reader

    def _nested(self, kind: Any) -> Reader:
        """Lists, structs and maps without cutting inside: the whole cell is cut once."""
        if kind.id not in NESTED:
            scalar = self._clean_whole if kind.id in TEXTS else self._scalar(kind)
            return lambda value: None if value is None else scalar(value)
        if kind.id == "tuple":
            places = [self._nested(child) for _, child in kind.children]
            return lambda value: self._tuple(value, places)
        children = dict(kind.children)
        if kind.id in ("list", "array"):
            item = self._nested(children["child"])
            return lambda value: None if value is None else [item(one) for one in value]
        if kind.id == "struct":
            fields = {name: self._nested(child) for name, child in children.items()}
            return lambda value: self._struct(value, fields)
        if kind.id == "map":
            key, item = self._nested(children["key"]), self._nested(children["value"])
            return lambda value: self._map(value, key, item, kind)
        return lambda value: None if value is None else self._unknown(value)

    def _struct(self, value: Any, fields: dict[str, Reader]) -> Any:
        if value is None:
            return None
        return _named([(self._clean_whole(name), fields[name](one)) for name, one in value.items()])

    def _tuple(self, value: Any, places: list[Reader]) -> Any:
        if value is None:
            return None
        return [read(one) for read, one in zip(places, value, strict=True)]

    def _map(self, value: Any, key: Reader, item: Reader, kind: Any) -> Any:
        if value is None:
            return None
        if dict(kind.children)["key"].id in NESTED:
            # Python cannot hash such keys, so DuckDB gives two lists.
            return [
                {"key": key(one), "value": item(other)}
                for one, other in zip(value["key"], value["value"], strict=True)
            ]
        return _named([(_key(key(one)), item(other)) for one, other in value.items()])

    def _unknown(self, value: Any) -> Any:
        """A union member, whose type the column does not tell."""
        if isinstance(value, bool):
            return value
        if isinstance(value, int):
            return self._integer(value)
        if isinstance(value, float):
            return self._double(value)
        if isinstance(value, decimal.Decimal):
            return self._decimal(value)
        if isinstance(value, list | tuple):
            return [None if one is None else self._unknown(one) for one in value]
        if isinstance(value, dict):
            return _named(
                [
                    (self._clean_whole(name), None if one is None else self._unknown(one))
                    for name, one in value.items()
                ]
            )
        if isinstance(value, datetime.date):
            return self._moment(value)
        return self._clean_whole(_iso(value))

    def _fit(self, value: Any) -> Any:
        """A nested cell whole, or its JSON text cut to the limit."""
        text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return value if len(text) <= self.cell_characters else self._cut(text)

    def _boolean(self, value: Any) -> bool:
        return bool(value)

    def _integer(self, value: Any) -> int | str:
        number = int(value)
        return number if -EXACT_INTEGER <= number <= EXACT_INTEGER else str(number)

    def _decimal(self, value: decimal.Decimal) -> int | float | str:
        _, digits, exponent = value.as_tuple()
        if exponent == 0:
            return self._integer(value)
        significant = "".join(map(str, digits)).strip("0")
        return float(value) if len(significant) <= EXACT_DIGITS else format(value, "f")

    def _double(self, value: float) -> float | None:
        if math.isfinite(value):
            return value
        self.not_finite += 1
        return None

    def _float(self, value: float) -> float | None:
        """The shortest number that is the same single-precision value: 0.1, not 0.10000000149."""
        if not math.isfinite(value):
            return self._double(value)
        stored = struct.pack("f", value)
        for digits in range(6, 9):
            short = float(f"{value:.{digits}g}")
            if abs(short) < 3.4e38 and struct.pack("f", short) == stored:
                return short
        return value

    def _moment(self, value: Any) -> str:
        """ISO, from Python's value or DuckDB's text; infinity and years beyond 9999 stay text."""
        if not isinstance(value, str):
            naive = value.replace(tzinfo=None) if isinstance(value, datetime.datetime) else value
            self.doubtful = self.doubtful or naive in ENDS_OF_TIME
            return _iso(value)
        for read in (datetime.date.fromisoformat, datetime.datetime.fromisoformat):
            with contextlib.suppress(ValueError):
                return read(value).isoformat()
        return value

    def _blob(self, value: bytes) -> str:
        return self._cut("0x" + value[: self.cell_characters].hex())

    def _text(self, value: Any) -> str:
        text = value if isinstance(value, str) else _iso(value)
        # Cleaning looks at no more than could be shown; hidden characters make room for more.
        shown = self._clean_whole(text[: 4 * self.cell_characters])
        if len(text) > 4 * self.cell_characters and len(shown) <= self.cell_characters:
            shown += ELLIPSIS * (self.cell_characters + 1 - len(shown))
        return self._cut(shown)

    def _clean_whole(self, value: Any) -> str:
        text = value if isinstance(value, str) else _iso(value)
        if text.isascii() and text.isprintable():
            return text
        clean = HIDDEN.sub("", text)
        self.cleaned += clean != text
        return clean

    def _cut(self, text: str) -> str:
        if len(text) <= self.cell_characters:
            return text
        self.cut_cells += 1
        return text[: self.cell_characters - 1] + ELLIPSIS


def take(
    kinds: list[Any], fetch: Callable[[int], list[tuple[Any, ...]]], limits: CellLimits
) -> dict[str, Any]:
    """Rows until a limit ends them; one row more than asked tells whether there are more."""
    taker = Taker(limits.cell_characters)
    readers = [taker.reader(kind) for kind in kinds]
    rows: list[list[Any]] = []
    cut, used = None, 0
    while cut is None and (batch := fetch(FETCH_ROWS)):
        for values in batch:
            if len(rows) == limits.rows:
                cut = "rows"
                break
            row, size = taker.row(readers, values, limits.characters - used)
            if row is None and not rows:
                taker.cell_characters = max(limits.characters // (2 * len(kinds)), 2)
                row, size = taker.row(readers, values, limits.characters)
            if row is None:
                cut = "characters"
                break
            used += size
            rows.append(row)
    return {
        "rows": rows,
        "cut": cut,
        "cut_cells": taker.cut_cells,
        "not_finite": taker.not_finite,
        "cleaned": taker.cleaned,
        "doubtful": taker.doubtful,
    }


def headings(described: list[Any]) -> list[list[str]]:
    """Name and type of each column: a PIVOT takes names from the data, a struct's type has some."""
    return [
        [_shown(str(name), NAME_CHARACTERS), _shown(str(kind), TYPE_CHARACTERS)]
        for name, kind, *_ in described
    ]


def _shown(name: str, most: int) -> str:
    """On one line, without hidden characters, and cut."""
    clean = " ".join(HIDDEN.sub("", name).splitlines()).replace("\t", " ")
    return clean if len(clean) <= most else clean[: most - 1] + ELLIPSIS


def _named(pairs: list[tuple[str, Any]]) -> Any:
    """An object; a list of pairs where two names became one, since one value would be lost."""
    named = dict(pairs)
    if len(named) == len(pairs):
        return named
    return [{"key": name, "value": value} for name, value in pairs]


def _iso(value: Any) -> str:
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return "0x" + value.hex()
    return str(value)


def _key(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


TEXTS = frozenset({"varchar", "enum"})
READERS = {
    "boolean": "_boolean",
    **dict.fromkeys(
        (
            "tinyint",
            "smallint",
            "integer",
            "bigint",
            "hugeint",
            "utinyint",
            "usmallint",
            "uinteger",
            "ubigint",
            "uhugeint",
            "bignum",
        ),
        "_integer",
    ),
    "decimal": "_decimal",
    "double": "_double",
    "float": "_float",
    "blob": "_blob",
    **dict.fromkeys(MOMENTS, "_moment"),
}
