"""The gate: SQL text in, a validated query out, or a refusal that says what to write instead."""

from __future__ import annotations

import json
import threading
from collections import OrderedDict
from collections.abc import Sequence

from martlet.errors import RefusedSql
from martlet.flow.query import Cell, NeedsValues, Parse, Scope, ValidatedQuery
from martlet.gate import pivot, refusals, second
from martlet.gate.lineage import read_lineage
from martlet.gate.rules import RULES, Reading
from martlet.gate.text import check_characters, check_length
from martlet.gate.tree import Json, walk
from martlet.gate.words import Text

CACHE_MOST = 512
MAX_CHARACTERS = 20_000


def check(
    sql: str,
    scope: Scope,
    parse: Parse,
    *,
    pivot_values: Sequence[Sequence[Cell]] = (),
    max_characters: int = MAX_CHARACTERS,
) -> ValidatedQuery | NeedsValues:
    """The query as it may run on this scope, or the probes a dynamic PIVOT needs first.

    `parse` is the sandbox's. Raises: RefusedSql, UnknownName; whatever `parse` raises.
    """
    check_length(sql, max_characters)
    check_characters(sql)
    try:
        return _check_parsed(sql, scope, parse, pivot_values)
    except RecursionError as error:
        raise refusals.nested() from error


class Gate:
    """The gate with a memory: the same text on the same build is judged once. Thread-safe."""

    def __init__(self, most: int = CACHE_MOST) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._verdicts: OrderedDict[tuple[str, str, str, int], ValidatedQuery] = OrderedDict()

    def check(
        self,
        sql: str,
        scope: Scope,
        parse: Parse,
        *,
        pivot_values: Sequence[Sequence[Cell]] = (),
        max_characters: int = MAX_CHARACTERS,
    ) -> ValidatedQuery | NeedsValues:
        """As the function `check`. Refusals are not remembered: they rarely repeat."""
        key = (sql, scope.build_id, scope.audience, max_characters)
        with self._lock:
            known = self._verdicts.get(key)
            if known is not None:
                self._verdicts.move_to_end(key)
                return known
        verdict = check(sql, scope, parse, pivot_values=pivot_values, max_characters=max_characters)
        # A dynamic PIVOT depends on its values, which one build fixes; its probes are not kept.
        if isinstance(verdict, ValidatedQuery):
            with self._lock:
                self._verdicts[key] = verdict
                while len(self._verdicts) > self._most:
                    self._verdicts.popitem(last=False)
        return verdict


def _check_parsed(
    sql: str, scope: Scope, parse: Parse, pivot_values: Sequence[Sequence[Cell]]
) -> ValidatedQuery | NeedsValues:
    raw = parse(sql)
    # DuckDB gives nothing where its own error would cut a character in half
    answer = json.loads(raw) if raw else {"error": True, "error_message": "unreadable text"}
    if not answer.get("error"):
        return _judge(Text(sql), scope, answer, raw)
    if not _is_not_serialized(answer):
        raise _syntax_error(answer, Text(sql), scope)
    dynamic = pivot.read(sql) if pivot.count_statements(sql) == 1 else ()
    if not dynamic:
        raise _no_query(sql)
    if not pivot_values:
        return NeedsValues(
            tuple(_check_written(Text(one.probe, asked=sql), scope, parse) for one in dynamic)
        )
    written = pivot.write(sql, dynamic, pivot_values)
    return _check_written(Text(written, asked=sql), scope, parse)


def _check_written(text: Text, scope: Scope, parse: Parse) -> ValidatedQuery:
    """A text that the gate wrote from the caller's."""
    raw = parse(text.sql)
    answer = json.loads(raw)
    if answer.get("error"):
        raise pivot.unwritable(
            (text.asked or text).sql
        )  # a PIVOT inside the source of another, most likely
    return _judge(text, scope, answer, raw)


def _judge(text: Text, scope: Scope, answer: Json, raw: str) -> ValidatedQuery:
    if not answer["statements"]:
        raise refusals.not_a_query(text)
    if len(answer["statements"]) != 1:
        raise refusals.several_statements(text)
    statement = answer["statements"][0]
    reading = Reading(text, scope, statement, tuple(walk(statement)))
    for rule in RULES:
        rule(reading)
    if not second.agrees(text.sql, reading.nodes):
        raise refusals.disagreement()
    lineage = read_lineage(reading)
    return ValidatedQuery(
        sql=text.sql,
        tables=tuple(reading.marts),
        columns=lineage.columns,
        outputs=lineage.outputs,
        lineage_known=lineage.known,
        scope=scope,
        tree=raw,
    )


def _is_not_serialized(answer: Json) -> bool:
    return "Only SELECT statements" in str(answer.get("error_message", ""))


def _syntax_error(answer: Json, text: Text, scope: Scope) -> RefusedSql:
    message = str(answer.get("error_message", "")).split("\n")[0].rstrip(". ")
    if "expression depth" in message:
        return refusals.nested()
    position = str(answer.get("position", ""))
    place = int(position) if position.isdigit() else None
    return refusals.syntax(message[:200] or "syntax error", place, text, scope)


def _no_query(sql: str) -> RefusedSql:
    """The text parses, but is no SELECT: several statements, or one of another kind."""
    if pivot.count_statements(sql) > 1:
        return refusals.several_statements(Text(sql))
    return refusals.not_a_query(Text(sql))
