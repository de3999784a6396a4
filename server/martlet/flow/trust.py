"""What a trust check says about an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "warn", "stale", "failing", "unknown"]


@dataclass(frozen=True)
class Check:
    """One check and its outcome. `caveat` is the sentence the reader must not miss."""

    name: str
    status: Literal["ok", "warn", "not_checked"]
    detail: str = ""
    caveat: str = ""
