"""`query`: validated SQL over marts."""

from __future__ import annotations

from pydantic import Field

from martlet.answer import Answer, text
from martlet.ask import Asker, ask_sql, explain_sql
from martlet.house import Serving
from martlet.tools.arguments import Arguments
from martlet.tools.tool import ANSWER, Reply, Tool


class QueryArguments(Arguments):
    sql: str = Field(description="One DuckDB SELECT over marts.")
    limit: int | None = Field(None, description="Rows wanted; default 200.")
    explain: bool = Field(False, description="Check only, do not run.")


def run(given: QueryArguments, serving: Serving, asker: Asker) -> Reply:
    if given.explain:
        found = explain_sql(given.sql, serving, asker)
    else:
        found = ask_sql(given.sql, serving, asker, limit=given.limit)
    return answer_reply(found, is_explained=given.explain)


def answer_reply(found: Answer, *, is_explained: bool) -> Reply:
    """An answer as a tool's reply."""
    said = text.explanation(found) if is_explained else text.to_text(found)
    return Reply(
        structured=found.model_dump(mode="json"),
        text=said,
        sql=found.sql,
        tables=tuple(found.tables),
        rows=found.row_count,
    )


TOOL = Tool("query", "Query marts with SQL", QueryArguments, ANSWER, run)
