from __future__ import annotations
from dataclasses import dataclass
from martlet.flow.query import ColumnRef, Output
from martlet.gate.rules import Reading
@dataclass(frozen=True)
class Lineage:
    columns: tuple[ColumnRef, ...]
    outputs: tuple[Output, ...]
    known: bool
def read_lineage(reading: Reading) -> Lineage:
    return Lineage((),(),False)
