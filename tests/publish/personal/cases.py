"""Reads the columns of planted.txt and clean.txt, and makes a database of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
ROWS = 100  # of which one holds what is planted `rare`
WIDTH = 40  # columns of a mart
FILLERS = (
    "Order arrived on time",
    "Two boxes, 14.5 kg",
    "Parcel 4711 handed over 2024-03-01",
    "Exchange of size M for L",
    "Backorder until week 12",
)


@dataclass(frozen=True)
class Case:
    """One column: its values stand in every row, or `rare` among many that are harmless."""

    name: str
    type: str
    values: tuple[str, ...]
    rare: bool

    @property
    def sql(self) -> str:
        planted = f"[{', '.join(map(_literal, self.values))}]"
        value = f"cast({planted}[1 + i % {len(self.values)}] as {self.type})"
        if not self.rare:
            return f'{value} as "{self.name}"'
        return f'case when i = 37 then {value} else {self._filler} end as "{self.name}"'

    @property
    def _filler(self) -> str:
        if self.type == "VARCHAR":
            texts = ", ".join(map(_literal, FILLERS))
            return f"[{texts}][1 + i % {len(FILLERS)}] || ' (' || i || ')'"
        return "null"


def read_cases(name: str) -> list[Case]:
    """The cases of a file, in order."""
    blocks = ("\n" + (HERE / name).read_text(encoding="utf-8")).split("\n== ")[1:]
    return [_case(block) for block in blocks]


def make_tables(file: Path, cases: Sequence[Case], rows: int = ROWS) -> Path:
    """A database whose marts m0, m1, … hold the columns, and a number of the row."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as con:
        con.execute("create schema marts")
        for start in range(0, len(cases), WIDTH):
            columns = ", ".join(case.sql for case in cases[start : start + WIDTH])
            con.execute(
                f"create table marts.m{start // WIDTH} as select i as row_id, {columns} "
                f"from range({rows}) as t(i)"
            )
    return file


def _case(block: str) -> Case:
    head, *lines = block.split("\n")
    values = [line for line in lines if line and not line.startswith("# ")]
    name, _, kind = head.partition(" ")
    return Case(name, kind.removesuffix(" rare"), tuple(values), kind.endswith(" rare"))


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
