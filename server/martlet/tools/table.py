"""All tools, in the order in which clients list them."""

from __future__ import annotations

from martlet.tools import describe, metric, query, search, values
from martlet.tools.tool import Tool

TOOLS: tuple[Tool, ...] = (search.TOOL, describe.TOOL, values.TOOL, metric.TOOL, query.TOOL)
