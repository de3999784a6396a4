"""`search`: what in the catalog fits the words of a question."""

from __future__ import annotations

from pydantic import Field

from martlet.ask import Asker
from martlet.house import Serving
from martlet.tools.arguments import Arguments
from martlet.tools.tool import TEXT, Reply, Tool, listed, shaped


class SearchArguments(Arguments):
    query: str = Field(description="Words of the question.")
    limit: int = Field(10, ge=1, le=50, description="Hits wanted.")


def run(given: SearchArguments, serving: Serving, asker: Asker) -> Reply:
    hits = serving.index.search(given.query, given.limit)
    results = [
        {
            "id": hit.id,
            "title": hit.title,
            "url": f"martlet://{hit.id}",
            "kind": hit.kind,
            "line": hit.line,
        }
        for hit in hits
    ]
    lines = [f"{hit.id}: {hit.line}" for hit in hits]
    nothing = "Nothing fits. `describe` without names gives the overview."
    return Reply(structured={"results": results}, text="\n".join(lines) or nothing)


TOOL = Tool(
    "search",
    "Search the catalog",
    SearchArguments,
    shaped(
        "results",
        results=listed(
            shaped("id", "title", "url", id=TEXT, title=TEXT, url=TEXT, kind=TEXT, line=TEXT)
        ),
    ),
    run,
)
