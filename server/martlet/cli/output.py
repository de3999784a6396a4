"""How results are printed: lines for people, JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))
