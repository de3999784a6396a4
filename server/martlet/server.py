"""The MCP server: built from a house, over stdio or HTTP; nothing else happens here."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import anyio
import anyio.to_thread
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
)
from starlette.requests import Request

import martlet
from martlet.errors import MartletError, RequestError
from martlet.flow.query import Stop
from martlet.house import House
from martlet.tools import instructions as texts
from martlet.tools.surface import call_tool, listing, turn_away

log = logging.getLogger(__name__)

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PROGRESS_SECONDS = 1.0
# Beside those that run or wait for a sandbox: calls that search, describe, compile.
THREADS_BESIDE = 16


class MartletServer(Server[dict[str, Any]]):
    """The SDK's server, whose instructions follow the build that is in force."""

    house: House

    @property
    def instructions(self) -> str:
        try:
            with self.house.serving() as serving:
                return texts.instructions(serving.catalog, serving.state, self.house.settings)
        except MartletError:
            return texts.no_build()

    @instructions.setter
    def instructions(self, value: str | None) -> None:
        """The SDK's constructor assigns it; ours are generated."""


def make_server(house: House) -> MartletServer:
    """An MCP server that answers from the house; closing it is the caller's part."""

    settings = house.settings
    threads = anyio.CapacityLimiter(settings.sandboxes + settings.queue + THREADS_BESIDE)

    async def list_tools(
        context: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return ListToolsResult(tools=listing())

    async def call(
        context: ServerRequestContext[Any], params: CallToolRequestParams
    ) -> CallToolResult:
        return await answer_call(house, params.name, params.arguments or {}, context, threads)

    server = MartletServer(
        "martlet",
        title="Martlet",
        version=martlet.__version__,
        description="Trusted answers from published dbt marts.",
        on_list_tools=list_tools,
        on_call_tool=call,
    )
    server.house = house
    return server


async def answer_call(
    house: House,
    name: str,
    arguments: dict[str, Any],
    context: ServerRequestContext[Any],
    threads: anyio.CapacityLimiter,
) -> CallToolResult:
    """One call in a worker thread; a client that cancels stops the query in its sandbox.

    As many may wait for a thread as may wait for a sandbox; one more is turned away.
    """
    stop = Stop(_client_of(context))
    if threads.statistics().tasks_waiting >= max(house.settings.queue, 1):
        return turn_away(house, name, arguments, stop).result()
    async with _progress(context):
        try:
            outcome = await anyio.to_thread.run_sync(
                lambda: call_tool(house, name, arguments, stop),
                abandon_on_cancel=True,
                limiter=threads,
            )
        except anyio.get_cancelled_exc_class():
            stop.set()
            raise
    return outcome.result()


def _client_of(context: ServerRequestContext[Any]) -> str:
    """Whom the work is for, so that clients take turns: the session, else the connection."""
    request = context.request
    if not isinstance(request, Request):
        return ""
    host, port = request.client or ("", 0)
    return request.headers.get("mcp-session-id") or f"{host}:{port}"


@asynccontextmanager
async def _progress(context: ServerRequestContext[Any]) -> AsyncIterator[None]:
    """While the work runs, tell a client that asked for progress how many seconds have passed."""
    async with anyio.create_task_group() as tasks:

        async def tell() -> None:
            passed = 0.0
            while True:
                await anyio.sleep(PROGRESS_SECONDS)
                passed += PROGRESS_SECONDS
                await context.session.report_progress(passed, message=f"running, {passed:.0f} s")

        tasks.start_soon(tell)  # the SDK drops it where no progress was asked for
        yield
        tasks.cancel_scope.cancel()


async def serve_stdio(house: House) -> None:
    """Serve one client on stdin and stdout until it hangs up."""
    server = make_server(house)
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, server.create_initialization_options())


async def serve_http(house: House, *, host: str, port: int) -> None:
    """Serve many clients on http://host:port/mcp; loopback only.

    Raises: RequestError `usage` for any other host.
    """
    if host not in LOOPBACK:
        raise RequestError(
            "usage",
            f"Martlet serves HTTP on loopback only, not on {host}.",
            next_step="Leave --host out, or put a TLS-terminating proxy with authentication "
            "in front of 127.0.0.1.",
        )
    import uvicorn

    app = make_server(house).streamable_http_app(host=host)
    config = uvicorn.Config(app, host=host, port=port, log_level="warning", access_log=False)
    await uvicorn.Server(config).serve()
