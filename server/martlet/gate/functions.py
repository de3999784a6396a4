"""The functions a query may call and the types it may name: `allowed.toml`, read once.

`instead.toml` says what to write in place of a function that is not allowed.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("martlet.gate").joinpath(name).read_text(encoding="utf-8"))


_TABLE: dict[str, list[str]] = _read("allowed.toml")

AGGREGATES = frozenset(_TABLE["aggregate"])
IN_EXPRESSIONS = frozenset(_TABLE["scalar"]) | AGGREGATES | frozenset(_TABLE["operator"])
IN_WINDOWS = AGGREGATES | frozenset(_TABLE["window"])
IN_FROM = frozenset(_TABLE["table"])
TYPES = frozenset(_TABLE["type"])
NAMED = frozenset(name for name in IN_EXPRESSIONS | IN_WINDOWS if name.isidentifier())

# Written without brackets, DuckDB calls these when no column has the name.
VALUE_FUNCTIONS = frozenset(
    {"current_date", "current_time", "current_timestamp", "localtime", "localtimestamp"}
)
SESSION_VALUES = frozenset(
    {
        "current_catalog",
        "current_database",
        "current_role",
        "current_schema",
        "current_user",
        "session_user",
        "user",
    }
)

# A function that is not allowed -> what to write instead.
INSTEAD: dict[str, str] = _read("instead.toml")["instead"]
