"""What DuckDB would really do with a text that the gate let through.

The oracle's database is the warehouse itself: raw, staging and main lie beside the marts, all in
the search path, over a connection without any hardening. A text that fools the gate reaches them.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from martlet.errors import MartletError
from martlet.flow.query import NeedsValues, ValidatedQuery
from martlet.gate import functions
from martlet.gate.gate import check
from tests.gate.published import WAREHOUSE, read_scope


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


RUN_SECONDS = 0.5
SESSION = (
    "set search_path = 'serving.marts,serving.main,serving.raw,serving.staging'",
    "set threads = 1",
    "set memory_limit = '1GB'",
    "set max_expression_depth = 400",
)

# Operators that read nothing but marts, CTEs and constants. Whatever else a plan holds is a
# finding: that is how files, catalogs, writes and settings would show.
OPERATORS = words(
    """
    ASOF_JOIN BLOCKWISE_NL_JOIN COLUMN_DATA_SCAN CROSS_PRODUCT CTE CTE_SCAN DELIM_SCAN DISTINCT
    DUMMY_SCAN EMPTY_RESULT EXCEPT EXPRESSION_SCAN FILTER GENERATE_SERIES HASH_GROUP_BY HASH_JOIN
    IE_JOIN INOUT_FUNCTION INTERSECT JSON_EACH LEFT_DELIM_JOIN LIMIT LIMITED_DISTINCT
    LIMIT_PERCENT NESTED_LOOP_JOIN ORDER_BY PARTITIONED_AGGREGATE PERFECT_HASH_GROUP_BY
    PIECEWISE_MERGE_JOIN PIVOT POSITIONAL_JOIN POSITIONAL_SCAN PROJECTION RANGE REC_CTE
    REC_CTE_SCAN REC_REC_CTE_SCAN RESERVOIR_SAMPLE RIGHT_DELIM_JOIN SEQ_SCAN STREAMING_LIMIT
    STREAMING_SAMPLE STREAMING_WINDOW TOP_N UNGROUPED_AGGREGATE UNION UNNEST WINDOW
    """
)
# What DuckDB writes into plans in place of what was written, beside the functions that are allowed.
REWRITES = words(
    "and or not cast try_cast case when in is exists any all over filter by create_sort_key"
)
CALL = re.compile(r"(?<![\w\"'.])([a-z_][a-z0-9_]*)\(")
LITERAL = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"")
USER = "duckdb"
CANARY = re.compile(r"CANARY_(?:RAW|STG)")


@dataclass(frozen=True)
class Outcome:
    """What a text came to. `finding` is empty unless DuckDB does more than the gate believed."""

    accepted: bool
    planned: bool = False
    finding: str = ""


@dataclass(frozen=True)
class Touched:
    """What a plan reads and calls."""

    tables: frozenset[str]
    columns: frozenset[tuple[str, str]]
    calls: frozenset[str]
    operators: frozenset[str]


class Oracle:
    """Judges texts one at a time; for one thread."""

    def __init__(self, folder: Path) -> None:
        path = folder / "warehouse_of_fuzz.duckdb"
        with duckdb.connect(str(path)) as made:
            made.execute(WAREHOUSE)
            made.execute("alter table marts.dim_customers drop column email")
        self.scope = read_scope(path)
        self._connection = duckdb.connect(":memory:")
        self._connection.execute(f"attach '{path}' as serving")
        # Unoptimized, nothing is folded away: all that is called and read stands in the plan.
        self._whole_plans = self._connection.cursor()
        self._whole_plans.execute("pragma disable_optimizer")
        for connection in (self._connection, self._whole_plans):
            for statement in SESSION:
                connection.execute(statement)
        self._connection.execute("set lock_configuration = true")
        rows = self._connection.execute("select function_name from duckdb_functions()").fetchall()
        self._functions = frozenset(name.lower() for (name,) in rows)

    def parse(self, sql: str) -> str:
        row = self._connection.execute("select json_serialize_sql(?)", [sql]).fetchone()
        assert row is not None
        return str(row[0])

    def judge(self, sql: str, *, run: bool = False) -> Outcome:
        """Through the gate; if it passes, planned (and run), and compared."""
        try:
            query = self._validate(sql)
        except MartletError:
            return Outcome(accepted=False)
        except (duckdb.Error, UnicodeError):
            return Outcome(accepted=False)  # the sandbox would say so
        return self.compare(query, run=run)

    def compare(self, query: ValidatedQuery, *, run: bool = False) -> Outcome:
        """What DuckDB does with a text against what a verdict says of it."""
        try:
            touched = self.touched(query.sql)
        except (duckdb.Error, UnicodeDecodeError):  # it may cut a character in a plan's text
            return Outcome(accepted=True)
        finding = difference(query, touched)
        if run and not finding:
            finding = self._leak(query.sql)
        return Outcome(accepted=True, planned=True, finding=finding)

    def touched(self, sql: str) -> Touched:
        """Raises: duckdb.Error when DuckDB cannot plan it."""
        nodes = _plan(self._whole_plans, sql)
        scans = [node for node in nodes if "Table" in node["extra_info"]]
        pruned = [node for node in _plan(self._connection, sql) if "Table" in node["extra_info"]]
        return Touched(
            tables=frozenset(_table(node) for node in scans),
            columns=frozenset(
                (_table(node), column) for node in pruned for column in _projected(node)
            ),
            # A column without a name shows its SQL: "marts(a)" there is an alias, no call.
            calls=(frozenset(call for node in nodes for call in _calls(node)) & self._functions)
            | _session_words(nodes, sql),
            operators=frozenset(node["name"].strip() for node in nodes),
        )

    def _validate(self, sql: str) -> ValidatedQuery:
        verdict = check(sql, self.scope, self.parse)
        if isinstance(verdict, NeedsValues):
            values: list[list[Any]] = [["a", "b"] for _ in verdict.probes]
            verdict = check(sql, self.scope, self.parse, pivot_values=values)
        assert isinstance(verdict, ValidatedQuery)
        return verdict

    def _leak(self, sql: str) -> str:
        """The canary that the result shows and the text does not, if any."""
        timer = threading.Timer(RUN_SECONDS, self._connection.interrupt)
        timer.start()
        try:
            result = self._connection.execute(sql)
            shown = repr(result.description) + repr(result.fetchmany(50))
        except (duckdb.Error, MemoryError, RuntimeError):
            return ""
        finally:
            timer.cancel()
            timer.join()
        found = CANARY.search(shown)
        return f"the result shows {found.group()}" if found and not CANARY.search(sql) else ""


def difference(query: ValidatedQuery, touched: Touched) -> str:
    """What DuckDB touches beyond what the gate believed, in words; empty when there is nothing."""
    believed = frozenset(f"serving.marts.{mart}" for mart in _with_views(query.tables))
    if foreign := touched.tables - believed:
        return f"reads {sorted(foreign)}, believed {sorted(believed)}"
    columns = {(f"serving.marts.{ref.mart}", ref.column) for ref in query.columns}
    if "v_daily" not in query.tables and (unseen := touched.columns - columns):
        return f"reads columns {sorted(unseen)}, believed {sorted(columns)}"
    allowed = functions.IN_EXPRESSIONS | functions.IN_WINDOWS | functions.IN_FROM | REWRITES
    # Intervals in a row are sorted by a call that DuckDB writes; one of the caller's would be seen.
    allowed |= {"invoke"} - set(re.findall(r"\w+", query.sql.lower()))
    if unknown := touched.calls - allowed:
        return f"calls {sorted(unknown)}"
    if odd := touched.operators - OPERATORS:
        return f"plans {sorted(odd)}"
    return ""


def _with_views(marts: tuple[str, ...]) -> tuple[str, ...]:
    """The warehouse still has a view where the published file has a table."""
    return (*marts, "fct_sales") if "v_daily" in marts else marts


def _plan(connection: duckdb.DuckDBPyConnection, sql: str) -> list[dict[str, Any]]:
    row = connection.execute(f"explain (format json) {sql}").fetchone()
    return [] if row is None else [one for top in json.loads(row[1]) for one in _nodes(top)]


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node["children"]:
        yield from _nodes(child)


def _table(node: dict[str, Any]) -> str:
    return str(node["extra_info"]["Table"])


def _projected(node: dict[str, Any]) -> list[str]:
    projected = node["extra_info"].get("Projections", [])
    columns = [projected] if isinstance(projected, str) else projected
    return [column.split(".")[0] for column in columns if column]  # a struct shows its field


def _session_words(nodes: list[dict[str, Any]], sql: str) -> frozenset[str]:
    """`current_user` and its kin leave no call in a plan, only the name of DuckDB's one user."""
    is_written = USER in sql.lower()
    shown = any(f"'{USER}'" in str(node["extra_info"]) for node in nodes)
    return frozenset({"current_user"}) if shown and not is_written else frozenset()


def _calls(node: dict[str, Any]) -> set[str]:
    """Names before a bracket in the node's expressions; what is quoted is no call."""
    found: set[str] = set()
    for key, value in node["extra_info"].items():
        if key in ("Table", "Type", "Estimated Cardinality") or "SCAN" in node["name"]:
            continue
        for text in value if isinstance(value, list) else [value]:
            found |= set(CALL.findall(LITERAL.sub("''", str(text))))
    return found
