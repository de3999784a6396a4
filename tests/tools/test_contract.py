"""Names, descriptions and schemas of the tools are pinned: clients cache them."""

from __future__ import annotations

import json
from pathlib import Path

from martlet.tools.surface import listing

PINNED = Path(__file__).parents[1] / "contract" / "tools.json"


def test_the_tools_are_as_pinned() -> None:
    """After a wanted change: `python -m tests.tools.test_contract`, and a line in CHANGELOG.md."""
    assert json.loads(PINNED.read_text(encoding="utf-8")) == as_listed()


def as_listed() -> list[dict[str, object]]:
    return [tool.model_dump(mode="json", by_alias=True, exclude_none=True) for tool in listing()]


if __name__ == "__main__":
    PINNED.write_text(json.dumps(as_listed(), indent=1) + "\n", encoding="utf-8")
