"""The log as tables for people."""

from __future__ import annotations

import json
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from martlet.audit.read import History, Record

_COLOURS = {"answered": "green", "refused": "yellow", "failed": "red"}


def show(history: History, *, most: int, console: Console | None = None) -> None:
    """The newest entries, then who asked what, what was not answered, and what took long."""
    console = console or Console()
    shown = history.newest(most)
    entries = _table("at (UTC)", "who", "tool", "", "rows", "seconds", "asked")
    for record in shown:
        entries.add_row(
            Text(_second(record["at"]), no_wrap=True),
            record["principal"],
            record["tool"],
            Text(record["code"] or record["decision"], style=_COLOURS[record["decision"]]),
            str(record["rows"]),
            f"{record['seconds']:.3f}",
            Text(_asked(record), overflow="ellipsis", no_wrap=True),
        )
    console.print(entries)
    _show_totals(history.totals(), console)
    if len(shown) < len(history.records):
        console.print(f"The newest {len(shown)} of {len(history.records)}; --limit shows more.")
    if history.unreadable:
        console.print(f"{history.unreadable} lines are cut and could not be read.", style="red")


def _show_totals(totals: dict[str, Any], console: Console) -> None:
    callers = _table("who", "tool", "calls")
    for row in totals["asked"]:
        callers.add_row(row["principal"], row["tool"], str(row["calls"]))
    codes = _table("not answered", "", "calls")
    for row in totals["not_answered"]:
        codes.add_row(row["code"], row["decision"], str(row["calls"]))
    slowest = _table("slowest (s)", "at (UTC)", "who", "tool")
    for row in totals["slowest"]:
        slowest.add_row(f"{row['seconds']:.3f}", _second(row["at"]), row["principal"], row["tool"])
    for table in (callers, codes, slowest):
        if table.row_count:
            console.print()
            console.print(table)
    console.print(f"\n{totals['calls']} calls")


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in columns:
        is_number = name in ("rows", "seconds", "calls")
        table.add_column(name, justify="right" if is_number else "left")
    return table


def _second(at: str) -> str:
    return at[:19].replace("T", " ")


def _asked(record: Record) -> str:
    if record["tool"] == "query" or not record["asked"]:
        return " ".join(record["sql"].split())
    return json.dumps(record["asked"], ensure_ascii=False)
