"""Asks a trust check about a text of SQL, without a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from martlet.flow.build import BuildState, MartState, Profile
from martlet.flow.catalog import Catalog
from martlet.flow.query import Output, Rows, Scope, ValidatedQuery
from martlet.flow.trust import Check
from martlet.trust.question import Question


def ask(
    check: Callable[[Question], Check],
    sql: str,
    catalog: Catalog,
    columns: Mapping[str, tuple[str, ...]],
    probe: Callable[[str], Rows],
) -> Check:
    """What a check says of a query over marts with these columns, none of which holds a null."""
    filled = Profile(type="INTEGER", nulls=0, distinct=9)
    query = ValidatedQuery(
        sql=sql,
        tables=tuple(columns),
        columns=(),
        outputs=(Output("x", aggregate="sum"),),
        lineage_known=True,
        scope=Scope("b", "default", {m: dict.fromkeys(c, "INTEGER") for m, c in columns.items()}),
    )
    marts = {
        name: MartState(name=name, row_count=1, columns=dict.fromkeys(held, filled))
        for name, held in columns.items()
    }
    state = BuildState(build_id="b", built_at="2026-03-10", marts=marts)
    found = check(Question(query, Rows((), ()), state, None, catalog, probe=probe))
    assert (found.status == "warn") == bool(found.caveat)
    return found
