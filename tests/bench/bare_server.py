"""The yardstick: the bare SDK and an in-process DuckDB, with no gate, sandbox or trust."""

from __future__ import annotations

import sys

import duckdb
from mcp.server import MCPServer

server = MCPServer("bare")
connection = duckdb.connect(sys.argv[1], read_only=True)


@server.tool()
def query(sql: str) -> list[list[float]]:
    """Run SQL."""
    return [[float(cell) for cell in row] for row in connection.execute(sql).fetchall()]


server.run()
