"""What a tool is: a name, a text, arguments, what it gives, and one thin function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import Any

from martlet.ask import Asker
from martlet.house import Serving
from martlet.tools.arguments import Arguments


@dataclass(frozen=True)
class Reply:
    """A tool's success: the same thing for machines and as text for the model.

    `sql`, `tables` and `rows` are for the audit log.
    """

    structured: dict[str, Any]
    text: str
    sql: str = ""
    tables: tuple[str, ...] = ()
    rows: int = 0


@dataclass(frozen=True)
class Tool:
    """One tool. `output` is the JSON schema of `Reply.structured`."""

    name: str
    title: str
    arguments: type[Arguments]
    output: dict[str, Any]
    run: Callable[[Any, Serving, Asker], Reply]

    @property
    def description(self) -> str:
        """The text a model reads to choose the tool: static, from texts/<name>.md."""
        file = resources.files("martlet.tools").joinpath("texts", f"{self.name}.md")
        return " ".join(file.read_text(encoding="utf-8").split())


def shaped(*required: str, **properties: Any) -> dict[str, Any]:
    """An object schema with these properties, some of them always there."""
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(required)
    return schema


def listed(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TEXT = {"type": "string"}
NUMBER = {"type": "number"}
COUNT = {"type": "integer"}
MAYBE_TEXT = {"type": ["string", "null"]}
CELL = {"type": ["string", "number", "boolean", "null", "object", "array"]}

OBJECT = {"type": "object"}

# The schema of martlet.answer.Answer, by hand: pydantic's own is four times as long, and every
# model that lists the tools pays for it. What docs/tools.md explains is an object here.
ANSWER = shaped(
    "columns",
    "rows",
    "truncated",
    "data",
    "trust",
    "caveats",
    answer_id=TEXT,
    sql=TEXT,
    tables=listed(TEXT),
    columns=listed(shaped(name=TEXT, type=TEXT, unit=TEXT, meaning=TEXT, source=TEXT)),
    rows=listed(listed(CELL)),
    row_count=COUNT,
    truncated={
        "type": ["object", "null"],
        "properties": {"by": TEXT, "limit": COUNT, "whose": TEXT, "next": TEXT},
    },
    data=shaped(as_of=MAYBE_TEXT, complete_through=MAYBE_TEXT, built_at=TEXT, build_id=TEXT),
    trust=shaped(verdict=TEXT, reasons=listed(TEXT)),
    checks=listed(OBJECT),
    caveats=listed(TEXT),
    metrics=listed(OBJECT),
    notes=listed(TEXT),
    seconds=NUMBER,
)
