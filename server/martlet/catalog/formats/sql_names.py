"""Names in the SQL of other catalogs: which dataset they are of, and what they stand for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from martlet.catalog.words import mentioned, quoted, renamed


@dataclass
class Table:
    """A dataset: its name there, its mart here, and the SQL of its fields."""

    name: str
    mart: str
    fields: dict[str, str] = field(default_factory=dict)


def resolve(sql: str, tables: Mapping[str, Table]) -> tuple[str, set[str]]:
    """The SQL over the columns of one mart, and the datasets that it names.

    A name without its dataset is of the only dataset that has such a field.
    """
    used: set[str] = set()

    def swap(match: re.Match[str]) -> str:
        table, name = match["table"].strip('"'), match["name"].strip('"')
        if table not in tables:
            return match[0]
        used.add(table)
        return _field(tables[table], name)

    pieces = re.split(r"('(?:[^']|'')*')", sql)
    found = "".join(
        piece if index % 2 else _DOTTED.sub(swap, piece) for index, piece in enumerate(pieces)
    )
    if not used:
        names = mentioned(found)
        fits = [table for table in tables.values() if names and set(names) <= set(table.fields)]
        if len(fits) == 1:
            used.add(fits[0].name)
            found = renamed(found, lambda name: _field(fits[0], name))
    return found, used


def _field(table: Table, name: str) -> str:
    """A field's SQL; a column that is no field is taken as it is."""
    sql = table.fields.get(name)
    if sql is None:
        return quoted(name)
    return sql if re.fullmatch(r'\w+|"[^"]+"', sql) else f"({sql})"


_PART = r'(?:"[^"]+"|[A-Za-z_]\w*)'
_DOTTED = re.compile(rf"(?<![\w.])(?P<table>{_PART})\.(?P<name>{_PART})(?![\w.(])")
