"""What is recorded of one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Decision = Literal["answered", "refused", "failed"]


@dataclass(frozen=True)
class Entry:
    """One call. `code` is the error's; `asked` are the arguments but for `sql`.

    `rows` and `characters` are what the answer holds; `seconds` is the whole call. Texts are as
    the caller wrote them: the log replaces values before it writes.
    """

    principal: str
    tool: str
    decision: Decision
    code: str = ""
    sql: str = ""
    asked: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    rows: int = 0
    characters: int = 0
    seconds: float = 0.0
    build_id: str = ""
