"""`values`: the stored values of a field, nearest to a text."""

from __future__ import annotations

from pydantic import Field

from martlet.ask import Asker, ask_values
from martlet.house import Serving
from martlet.tools.arguments import Arguments
from martlet.tools.tool import CELL, COUNT, OBJECT, TEXT, Reply, Tool, listed, shaped


class ValuesArguments(Arguments):
    field: str = Field(description="mart.column, or a dimension.")
    like: str = Field("", description="Text to be near to.")
    limit: int = Field(20, ge=1, le=200, description="Values wanted.")


def run(given: ValuesArguments, serving: Serving, asker: Asker) -> Reply:
    found = ask_values(given.field, serving, asker, like=given.like, limit=given.limit)
    lines = [f"{'∅' if value is None else value} ({count})" for value, count in found.values]
    more = "\nMore values exist: give `like`, or a higher `limit`." if found.more else ""
    return Reply(
        structured={
            "field": found.field,
            "values": [{"value": value, "rows": count} for value, count in found.values],
            "more": found.more,
            "data": found.data.model_dump(mode="json"),
        },
        text=f"Stored values of {found.field} (rows):\n" + "\n".join(lines) + more,
        sql=found.sql,
        tables=(found.field.split(".")[0],),
        rows=len(found.values),
    )


TOOL = Tool(
    "values",
    "Look up stored values",
    ValuesArguments,
    shaped(
        "field",
        "values",
        "more",
        "data",
        field=TEXT,
        values=listed(shaped("value", "rows", value=CELL, rows=COUNT)),
        more={"type": "boolean"},
        data=OBJECT,
    ),
    run,
)
