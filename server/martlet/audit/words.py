"""Words that are the same for everybody: those of SQL, and the arguments of tools."""

from __future__ import annotations

from typing import Literal


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SQL_WORDS = _words(
    """
    all alter analyze and anti any array as asc asof attach begin between bigint bit blob boolean
    both bpchar by call case cast catalog char check checkpoint collate columns comment commit copy
    create cross cube current current_date current_time current_timestamp database date day days
    decade decimal default delete desc describe detach distinct double drop else end enum escape
    except exclude execute exists explain export extension false fetch filter first float following
    for force foreign from full function glob global group grouping groups having hour hours if
    ignore ilike import in index inner insert install int integer intersect interval into is isnull
    join json key lambda last lateral left like limit load local macro map materialized merge
    microsecond millisecond minute minutes month months name natural not notnull now null nulls
    numeric of offset on only or order ordinality outer over partition pivot pivot_longer
    pivot_wider positional pragma preceding primary qualify quarter quarters range read real
    recursive references rename replace reset respect returning right rollback rollup row rows
    sample schema second seconds select semi sequence set sets show similar smallint some struct
    summarize table tables temp temporary text then ties time timestamp timestamptz timetz tinyint
    to today trailing transaction true truncate try_cast ubigint unbounded uinteger union unique
    unpivot unsigned update use using uuid vacuum values varchar view week weeks when where window
    with within without year years zone
    """
)

# Literals that are part of the language: date parts, and how much of them.
PARTS = _words(
    """
    century dayofmonth dayofweek dayofyear decade dow doy epoch era hour isodow isoyear microsecond
    millennium millisecond minute month quarter second week weekday weekofyear year yearweek day
    utc
    """
)

# Words of questions that are nobody's; all other words of a question are names, or hidden.
QUESTION_WORDS = _words(
    """
    a about all an and are at average avg best by can change compare compared count did do does day
    days each for from get give had has have how i in is last least list many me mean median month
    months more most much my new no not number of on or our over per previous quarter rate share
    show since sum than that the their there these this through time to top total trend until up
    us use used was we week weeks were what when where which who why with year years yesterday
    january february march april may june july august september october november december
    """
)

# How an argument of a tool is read; one that is not here is hidden whole.
# sql: SQL text; words: names and words of a question; day: a date that bounds a period;
# value: a stored value, hidden unless the build publishes it.
ARGUMENTS: dict[str, Literal["sql", "words", "day", "value"]] = {
    "sql": "sql",
    "where": "sql",
    "having": "sql",
    "like": "value",
    "start": "day",
    "end": "day",
    "query": "words",
    "names": "words",
    "field": "words",
    "metrics": "words",
    "by": "words",
    "order_by": "words",
    "grain": "words",
    "compare": "words",
    "detail": "words",
    "limit": "words",
    "explain": "words",
    "id": "words",
}

# Refusals that come after DuckDB has parsed the text: its bare words are names, not values.
PARSED = _words(
    """
    sql.unknown_mart sql.unknown_column sql.function sql.type sql.construct sql.size sql.failed
    sql.disagreement sql.memory query.deadline query.cancelled server.busy server.sandbox_died
    """
)

BEFORE_TABLE = _words("from join into table update describe show use")
