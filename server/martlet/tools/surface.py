"""The surface of the tools: calls come in as names and JSON, go out as results; errors become text.

Only here are errors translated and calls recorded.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass
from typing import Any

from mcp.types import CallToolResult, TextContent, ToolAnnotations
from mcp.types import Tool as McpTool

from martlet.ask import Asker
from martlet.audit import Decision, Entry, Vocabulary
from martlet.errors import (
    MartletError,
    RequestError,
    ServerError,
    Unavailable,
    did_you_mean,
    trail,
)
from martlet.flow.hidden import clean, clean_all
from martlet.flow.query import Stop
from martlet.house import House, Serving
from martlet.tools.arguments import input_schema, read_arguments
from martlet.tools.table import TOOLS
from martlet.tools.tool import Reply, Tool

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a call came to: a reply or an error, and the build that it was answered from."""

    reply: Reply | None = None
    error: MartletError | None = None

    def result(self) -> CallToolResult:
        """As MCP has it: a success is structured and text, an error is text alone."""
        if self.reply is None:
            return CallToolResult(content=[_text(str(self.error))], is_error=True)
        return CallToolResult(
            content=[_text(self.reply.text)],
            structured_content=clean_all(self.reply.structured),
        )

    def as_json(self) -> dict[str, Any]:
        """As scripts read it: the structured content, or the error's parts."""
        if self.reply is not None:
            return dict(clean_all(self.reply.structured))
        assert self.error is not None
        return {
            "error": {
                "code": self.error.code,
                "message": self.error.message,
                "where": self.error.where,
                "next": self.error.next_step,
            }
        }


def call_tool(
    house: House,
    name: str,
    arguments: dict[str, Any],
    stop: Stop,
    *,
    principal: str = "local",
) -> Outcome:
    """Answer one call. Never raises: whatever goes wrong is an error in the outcome.

    The call is in the audit log before this returns.
    """
    outcome, serving = _run(house, name, arguments, stop)
    return _recorded(outcome, serving, house, name, arguments, stop, principal)


def turn_away(
    house: House, name: str, arguments: dict[str, Any], stop: Stop, *, principal: str = "local"
) -> Outcome:
    """The answer to a call for which there is no room: told and recorded like any other."""
    full = Unavailable(
        "server.busy",
        "The server has more calls at work than it can take.",
        next_step="Try again in a few seconds.",
    )
    return _recorded(Outcome(error=full), None, house, name, arguments, stop, principal)


def _recorded(
    outcome: Outcome,
    serving: Serving | None,
    house: House,
    name: str,
    arguments: dict[str, Any],
    stop: Stop,
    principal: str,
) -> Outcome:
    build_id = serving.state.build_id if serving else ""
    seconds = time.monotonic() - stop.began
    entry = _entry(outcome, principal, name, arguments, build_id, seconds)
    try:
        house.audit.write(entry, serving.vocabulary if serving else Vocabulary())
    except ServerError as error:
        log.error("audit: %s", error.__cause__)
        return Outcome(error=error)
    return outcome


def _run(
    house: House, name: str, arguments: dict[str, Any], stop: Stop
) -> tuple[Outcome, Serving | None]:
    """What the call came to, and the build that it was asked of where it came so far."""
    pinned: Serving | None = None
    try:
        tool = find_tool(name)
        given = read_arguments(tool.arguments, arguments)
        with house.serving() as serving:
            pinned = serving
            return Outcome(tool.run(given, serving, Asker(house.settings, stop))), pinned
    except MartletError as error:
        if isinstance(error, ServerError):
            where = "" if isinstance(error, Unavailable) else f" {trail(error)}"
            log.warning("%s failed: %s%s", name, error.code, where)
        return Outcome(error=error), pinned
    except Exception as error:  # the last wall: a fault of ours must not show its insides
        log.error("%s: unexpected %s", name, trail(error))
        return Outcome(error=_internal()), pinned


def find_tool(name: str) -> Tool:
    """The tool of that name.

    Raises: RequestError `request.unknown_tool`.
    """
    names = [tool.name for tool in TOOLS]
    if name in names:
        return TOOLS[names.index(name)]
    raise RequestError(
        "request.unknown_tool",
        f"There is no tool `{name}`.",
        next_step=f"{did_you_mean(name, names)} The tools are {', '.join(names)}.".strip(),
    )


def listing() -> list[McpTool]:
    """The tools as MCP lists them; the same on every build."""
    return [
        McpTool(
            name=tool.name,
            title=tool.title,
            description=tool.description,
            input_schema=input_schema(tool.arguments),
            output_schema=tool.output,
            annotations=ToolAnnotations(
                title=tool.title,
                read_only_hint=True,
                destructive_hint=False,
                idempotent_hint=True,
                open_world_hint=False,
            ),
        )
        for tool in TOOLS
    ]


def _internal() -> ServerError:
    return ServerError(
        "server.internal",
        "Martlet could not answer because of a fault of its own.",
        next_step="Try a simpler question; the operator finds the details in the server's log.",
    )


def _entry(
    outcome: Outcome,
    principal: str,
    name: str,
    arguments: dict[str, Any],
    build_id: str,
    seconds: float,
) -> Entry:
    error, reply = outcome.error, outcome.reply
    decision: Decision
    decision = "answered" if reply else "refused" if isinstance(error, RequestError) else "failed"
    asked = arguments.get("sql")
    return Entry(
        principal=principal,
        tool=name,
        decision=decision,
        code=error.code if error else "",
        sql=reply.sql if reply else asked if isinstance(asked, str) else "",
        asked=arguments,
        tables=reply.tables if reply else (),
        rows=reply.rows if reply else 0,
        characters=len(json.dumps(reply.structured)) if reply else 0,
        seconds=round(seconds, 4),
        build_id=build_id,
    )


def _text(text: str) -> TextContent:
    return TextContent(type="text", text=clean(text))
