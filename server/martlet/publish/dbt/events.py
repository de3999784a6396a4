"""What dbt says while it runs, read from its JSON log lines."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from martlet.publish.connect import without_values

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def without_colour(text: str) -> str:
    """The text as a file or a person without a terminal wants it."""
    return _COLOUR.sub("", text)


@dataclass(frozen=True)
class DbtEvent:
    """One event of a dbt run: a node that started or finished (`index` of `total`), or a line.

    `status` of a finished node is dbt's own word in lower case: ok, success, pass, warn, fail,
    error, skipped.
    """

    kind: Literal["started", "finished", "message"]
    text: str
    name: str = ""
    resource: str = ""
    index: int = 0
    total: int = 0
    status: str = ""
    seconds: float | None = None
    level: str = "info"
    invocation_id: str = ""


def read_event(line: str) -> DbtEvent | None:
    """The event of one log line, or None for layout. A line that is no JSON is a message."""
    try:
        entry: dict[str, Any] = json.loads(line)
        info, data = entry["info"], entry["data"]
    except (ValueError, KeyError, TypeError):
        return DbtEvent("message", line.strip(), level="error") if line.strip() else None
    text = without_values(without_colour(str(info["msg"])).strip())
    invocation = str(info.get("invocation_id") or "")
    level = str(info.get("level") or "info")
    node = data.get("node_info") or {}
    is_hook = str(info["name"]).startswith("LogHook")  # counts for itself, not among the nodes
    if "index" not in data or not node or is_hook:
        return DbtEvent("message", text, level=level, invocation_id=invocation) if text else None
    return DbtEvent(
        kind="started" if info["name"] == "LogStartLine" else "finished",
        text=text,
        name=str(node.get("node_name") or ""),
        resource=str(node.get("resource_type") or ""),
        index=int(data["index"]),
        total=int(data.get("total") or data.get("num_models") or 0),
        status=str(data.get("status") or "").lower(),
        seconds=data.get("execution_time"),
        level=level,
        invocation_id=invocation,
    )
