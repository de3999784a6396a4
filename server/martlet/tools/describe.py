"""`describe`: cards of marts, metrics and fields, or the overview."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from martlet.ask import Asker
from martlet.catalog.cards import Reader, overview
from martlet.house import Serving
from martlet.tools.arguments import Arguments, Texts
from martlet.tools.tool import OBJECT, TEXT, Reply, Tool, listed, shaped


class DescribeArguments(Arguments):
    names: Texts = Field([], description="Marts, metrics, mart.column or ids; none: the overview.")
    detail: Literal["short", "full"] = Field("full", description="short: columns by name only.")


def run(given: DescribeArguments, serving: Serving, asker: Asker) -> Reply:
    reader = Reader(serving.catalog, serving.state, serving.groupings)
    cards = [reader.card(name, full=given.detail == "full") for name in given.names]
    if not cards:
        cards = [overview(reader)]
    state = serving.state
    return Reply(
        structured={
            "cards": [card.structured() for card in cards],
            "data": {
                "as_of": state.as_of,
                "complete_through": state.complete_through,
                "built_at": state.built_at,
                "build_id": state.build_id,
            },
        },
        text="\n\n".join(card.text for card in cards),
        tables=tuple(card.name for card in cards if card.kind == "mart"),
    )


TOOL = Tool(
    "describe",
    "Describe marts and metrics",
    DescribeArguments,
    shaped(
        "cards",
        "data",
        cards=listed(shaped("kind", "name", "description", kind=TEXT, name=TEXT, description=TEXT)),
        data=OBJECT,
    ),
    run,
)
