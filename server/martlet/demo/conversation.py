"""A scripted conversation: business questions, put to the server by a real MCP client."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.client.stdio import stdio_client
from mcp.types import TextContent

Row = list[Any]


@dataclass(frozen=True)
class Period:
    """The last month that the data covers whole, and the six months that end with it."""

    first: str
    last: str
    half_year: str
    running: str

    @classmethod
    def of(cls, complete_through: str) -> Period:
        """Periods for data that is complete through this day."""
        following = date.fromisoformat(complete_through) + timedelta(days=1)
        running = following.replace(day=1)
        last = running - timedelta(days=1)
        months = last.year * 12 + last.month - 6
        half_year = date(months // 12, months % 12 + 1, 1)
        return cls(*(day.isoformat() for day in (last.replace(day=1), last, half_year, running)))


@dataclass(frozen=True)
class Turn:
    """One question: which tool is called with what, and how a person would say the answer.

    `refused` names the code of the error that the turn is meant to show.
    """

    name: str
    question: str
    tool: str
    arguments: Callable[[Period], dict[str, Any]]
    say: Callable[[list[Row]], str] = lambda rows: ""
    refused: str = ""


@dataclass(frozen=True)
class Heard:
    """What came back for a turn."""

    turn: Turn
    arguments: dict[str, Any]
    content: dict[str, Any] | None
    text: str

    @property
    def as_meant(self) -> bool:
        """Answered where an answer was meant, refused with the right code where a refusal was."""
        if self.turn.refused:
            return self.content is None and self.text.startswith(self.turn.refused)
        return self.content is not None


def _money(value: Any) -> str:
    return f"{float(value):,.0f} EUR"


def _share(rows: list[Row], place: int) -> str:
    total = sum(float(row[place]) for row in rows if row[place] is not None)
    top = max(rows, key=lambda row: float(row[place] or 0))
    return (
        f"{top[0]} leads with {_money(top[place])}, {float(top[place]) / total:.0%} of the total."
    )


TURNS: tuple[Turn, ...] = ()


@asynccontextmanager
async def connect(home: Path) -> AsyncIterator[Client]:
    """A client of `martlet serve` over stdio, started the way an MCP host starts it."""
    command = ["-m", "martlet", "serve", "--home", str(home)]
    server = StdioServerParameters(command=sys.executable, args=command, env=dict(os.environ))
    async with Client(stdio_client(server)) as client:
        yield client


async def converse(client: Client) -> AsyncIterator[Heard]:
    """Ask every question in turn."""
    overview = await client.call_tool("describe", {})
    assert isinstance(overview.structured_content, dict)
    period = Period.of(overview.structured_content["data"]["complete_through"])
    for turn in TURNS:
        arguments = turn.arguments(period)
        result = await client.call_tool(turn.tool, arguments)
        text = "\n".join(b.text for b in result.content if isinstance(b, TextContent))
        content = None if result.is_error else result.structured_content
        yield Heard(turn, arguments, content, text)
