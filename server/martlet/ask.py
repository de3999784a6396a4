"""The journey of a question: request, gate, sandbox, trust, answer."""

from __future__ import annotations

import time
from dataclasses import dataclass

from martlet.answer import Answer, DataState, MetricLine, Trust, parts
from martlet.answer.answer import answer_id, check_lines
from martlet.errors import MartletError, RequestError
from martlet.flow.metric import CompiledMetric, MetricRequest
from martlet.flow.query import (
    Cell,
    ColumnRef,
    Limits,
    NeedsValues,
    Rows,
    Stop,
    ValidatedQuery,
)
from martlet.house import Serving
from martlet.settings import Settings
from martlet.trust import data_state
from martlet.trust.checks import run_checks
from martlet.trust.question import Question

PIVOT_VALUES = 200
PROBE_SECONDS = 3.0
PROBE_ROWS = 12


@dataclass(frozen=True)
class Asker:
    """One call: the limits in force, and the handle that stops the work."""

    settings: Settings
    stop: Stop

    @property
    def seconds(self) -> float:
        """What is left of the one deadline for all that the call waits for and runs."""
        return max(self.stop.began + self.settings.deadline_seconds - time.monotonic(), 0.0)


def ask_sql(sql: str, serving: Serving, asker: Asker, *, limit: int | None = None) -> Answer:
    """The answer to a caller's own SQL.

    Raises: RefusedSql, UnknownName, RequestError `sql.failed`, Unavailable.
    """
    began = time.perf_counter()
    query = _validate(sql, serving, asker, asker.settings.caller_sql_characters)
    rows = serving.engine.run(query, _limits(asker, limit), asker.stop)
    return _answer(query, rows, serving, asker, limit=limit, began=began)


def check_sql(sql: str, serving: Serving, asker: Asker) -> ValidatedQuery:
    """The gate's verdict on a caller's SQL, without an answer around it.

    Raises: RefusedSql, UnknownName, Unavailable.
    """
    return _validate(sql, serving, asker, asker.settings.caller_sql_characters)


def explain_sql(sql: str, serving: Serving, asker: Asker) -> Answer:
    """The gate's verdict on a caller's SQL, without running it: tables, columns, no rows."""
    began = time.perf_counter()
    query = _validate(sql, serving, asker, asker.settings.caller_sql_characters)
    return _answer(query, None, serving, asker, limit=None, began=began)


def ask_metric(request: MetricRequest, serving: Serving, asker: Asker) -> Answer:
    """The answer to a metric request: compiled, then through the same gate as any SQL.

    Raises: UnknownName, RequestError `metric.*`, Unavailable.
    """
    began = time.perf_counter()
    compiled = serving.compiler.compile(request)
    query = _validate(compiled.sql, serving, asker, asker.settings.compiled_sql_characters)
    limit = compiled.row_limit
    rows = serving.engine.run(query, _limits(asker, limit), asker.stop)
    return _answer(query, rows, serving, asker, limit=limit, began=began, compiled=compiled)


def explain_metric(request: MetricRequest, serving: Serving, asker: Asker) -> Answer:
    """The compiler's plan and SQL for a request, without running it."""
    began = time.perf_counter()
    compiled = serving.compiler.compile(request)
    query = _validate(compiled.sql, serving, asker, asker.settings.compiled_sql_characters)
    return _answer(query, None, serving, asker, limit=None, began=began, compiled=compiled)


@dataclass(frozen=True)
class FoundValues:
    """Stored values of a field with their row counts, nearest to the text first."""

    field: str
    values: tuple[tuple[object, int], ...]
    more: bool
    data: DataState
    sql: str


def ask_values(
    field: str, serving: Serving, asker: Asker, *, like: str = "", limit: int = 20
) -> FoundValues:
    """The stored values of a field that are nearest to `like`, with counts.

    Raises: UnknownName `name.unknown` or `name.ambiguous`.
    """
    place = serving.compiler.field(field)
    query = _validate(
        values_sql(place, like), serving, asker, asker.settings.compiled_sql_characters
    )
    rows = serving.engine.run(query, _limits(asker, limit), asker.stop)
    values = tuple((row[0], int(str(row[1]))) for row in rows.values)
    return FoundValues(
        field=f"{place.mart}.{place.column}",
        values=values,
        more=rows.cut is not None,
        data=_data(query, serving),
        sql=query.sql,
    )


def values_sql(place: ColumnRef, like: str) -> str:
    """SQL for the distinct values of a column, nearest to `like` first, then most frequent."""
    column, mart = _quoted(place.column), _quoted(place.mart)
    text = f"lower(cast({column} as varchar))"
    wanted = "'" + like.lower().replace("'", "''") + "'"
    nearness = (
        f"order by max(case when contains({text}, {wanted}) then 2 "
        f"else jaro_winkler_similarity({text}, {wanted}) end) desc, count(*) desc, {column}"
        if like
        else f"order by count(*) desc, {column}"
    )
    kept = f"where {column} is not null " if like else ""
    return (
        f"select {column}, count(*) as row_count from marts.{mart} {kept}"
        f"group by {column} {nearness}"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _validate(sql: str, serving: Serving, asker: Asker, longest: int) -> ValidatedQuery:
    """Through the gate; a dynamic PIVOT first asks which values it has."""

    def parse(text: str) -> str:
        return serving.engine.parse(text, seconds=asker.seconds, stop=asker.stop)

    verdict = serving.gate.check(sql, serving.scope, parse, max_characters=longest)
    if isinstance(verdict, ValidatedQuery):
        return verdict
    values = [_pivot_values(probe, serving, asker) for probe in verdict.probes]
    verdict = serving.gate.check(
        sql, serving.scope, parse, pivot_values=values, max_characters=longest
    )
    if isinstance(verdict, NeedsValues):
        raise RequestError(
            "sql.construct",
            "The PIVOT's values could not be settled.",
            next_step="Write the values out: PIVOT ... ON column IN ('a', 'b').",
        )
    return verdict


def _pivot_values(probe: ValidatedQuery, serving: Serving, asker: Asker) -> list[Cell]:
    limits = Limits(PIVOT_VALUES, 100_000, 1_000, asker.seconds)
    rows = serving.engine.run(probe, limits, asker.stop)
    if rows.cut:
        raise RequestError(
            "sql.size",
            f"The PIVOT would make more than {PIVOT_VALUES} columns.",
            next_step="Name the values: PIVOT ... ON column IN ('a', 'b').",
        )
    return [row[0] for row in rows.values]


def _probe(sql: str, serving: Serving, asker: Asker) -> Rows:
    """Run a trust check's own SQL: the same gate, the same build, a short time."""
    query = _validate(sql, serving, asker, asker.settings.compiled_sql_characters)
    seconds = min(PROBE_SECONDS, asker.seconds)
    return serving.engine.run(query, Limits(PROBE_ROWS, 2_000, 200, seconds), asker.stop)


def _counts(compiled: CompiledMetric | None, serving: Serving, asker: Asker) -> list[str]:
    """What the conversion metrics of a request counted on both of their sides, in words."""
    said = []
    for count in compiled.counts if compiled else ():
        try:
            (row,) = _probe(count.sql, serving, asker).values
        except MartletError:  # the rate stands without it, and the note says that it is missing
            row = None
        said.append(parts.conversion_note(count, row))
    return said


def _limits(asker: Asker, limit: int | None) -> Limits:
    settings = asker.settings
    rows = settings.rows if limit is None else limit
    if rows < 1:
        raise RequestError("request.invalid", "`limit` must be 1 or more.", where=f"limit: {limit}")
    return Limits(
        rows=min(rows, settings.rows_most),
        characters=settings.answer_characters,
        cell_characters=settings.cell_characters,
        seconds=asker.seconds,
    )


def _answer(
    query: ValidatedQuery,
    rows: Rows | None,
    serving: Serving,
    asker: Asker,
    *,
    limit: int | None,
    began: float,
    compiled: CompiledMetric | None = None,
) -> Answer:
    """Put the answer together; without rows it is an explanation, and only data state is judged."""
    verdict = data_state.judge(query, serving.state)
    shown = rows or Rows(columns=(), values=())
    settings = asker.settings
    question = Question(
        query,
        shown,
        serving.state,
        verdict.complete_through,
        serving.catalog,
        compiled,
        probe=lambda sql: _probe(sql, serving, asker),
    )
    checks = run_checks(question) if rows else []
    return Answer(
        answer_id=answer_id(query.sql, serving.state.build_id, limit or settings.rows),
        sql=query.sql,
        tables=list(query.tables),
        columns=parts.columns(query, shown, serving.catalog, compiled),
        rows=[list(row) for row in shown.values],
        row_count=len(shown.values),
        truncated=parts.truncated(shown, settings, limit),
        data=_data(query, serving),
        trust=Trust(verdict=verdict.verdict, reasons=list(verdict.reasons)),
        checks=check_lines(checks),
        caveats=[
            *(check.caveat for check in checks if check.caveat),
            *parts.cell_caveats(shown),
        ],
        metrics=[
            MetricLine(name=m.name, definition=m.definition, version=m.version)
            for m in (compiled.metrics if compiled else ())
        ],
        notes=[*parts.notes(compiled, rows), *(_counts(compiled, serving, asker) if rows else ())],
        seconds=round(time.perf_counter() - began, 4),
    )


def _data(query: ValidatedQuery, serving: Serving) -> DataState:
    state = serving.state
    return DataState(
        as_of=state.as_of,
        complete_through=data_state.complete_through(query.tables, state),
        built_at=state.built_at,
        build_id=state.build_id,
    )
