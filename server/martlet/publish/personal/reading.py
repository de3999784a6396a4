"""Reads a mart for personal data: how often each pattern stands in a column, and samples of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from martlet.publish.connect import Connection, literal, quoted
from martlet.publish.personal import urls
from martlet.publish.personal.columns import Searched
from martlet.publish.personal.letters import with_ranges
from martlet.publish.personal.pattern import Pattern
from martlet.publish.personal.patterns import PATTERNS
from martlet.publish.personal.people import STROKED, STROKES_OFF
from martlet.publish.source import SourceMart

SCANNED_VALUES = 20_000_000  # texts of one mart, some minutes; a larger mart is sampled by rows
FEW = 20_000  # texts of one mart that are looked through for what patterns need
CANDIDATES = 100_000  # distinct candidates of one pattern in one column that are confirmed
SAMPLE = 2_000  # distinct whole values of a column that are looked at
LONGEST = 400  # characters of them
# A text without accents and strokes; most are without, and as long in bytes as in characters.
_PLAIN = (
    "case when strlen(text) = length(text) then text else "
    f"translate(strip_accents(text), {literal(STROKED)}, {literal(STROKES_OFF)}) end"
)
LINKS, KEYS = "links", "keys"  # hits that are of no pattern
_NEAR_DIGITS = r"(?:\d\D{0,3}){4}"
_HASH = r"(?i)[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32})?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class Table:
    """A mart as it is read. `source` is what stands after FROM; the sample is of its rows."""

    con: Connection
    mart: str
    source: str
    rows: int
    sampled: bool


@dataclass(frozen=True)
class Looked:
    """A column with what was counted in it: rows that hold a value, and that match (`hits`)."""

    column: Searched
    held: int
    distinct: int
    hits: Mapping[str | int, int] = field(default_factory=dict)  # as named by `_measures`


def open_table(con: Connection, alias: str, mart: SourceMart, texts: int) -> Table:
    source = quoted(alias, mart.schema, mart.relation)
    rows = con.execute(f"select count(*) from {source}").fetchall()[0][0]
    if rows * texts <= SCANNED_VALUES:
        return Table(con, mart.name, source, rows, sampled=False)
    percent = max(0.01, 100 * SCANNED_VALUES / (rows * texts))
    part = f"{source} using sample {percent:.4f} percent (bernoulli, 42)"
    return Table(con, mart.name, part, rows, sampled=True)


def count(table: Table, columns: Sequence[Searched]) -> list[Looked]:
    """All columns counted: those with text by every pattern, whole numbers by those of numbers."""
    if not columns:
        return []
    measures = [
        f"count({quoted(item.name)}), approx_count_distinct({quoted(item.name)})"
        for item in columns
    ]
    flat = table.con.execute(f"select {', '.join(measures)} from {table.source}").fetchall()[0]
    counted = [
        Looked(item, held, distinct)
        for item, held, distinct in zip(columns, flat[::2], flat[1::2], strict=True)
    ]
    texts = [item for item in counted if item.held and item.column.held in ("text", "nested")]
    whole = [item for item in counted if item.held and item.column.held in ("whole", "number")]
    searched = _searched(table, texts, numbers=False) | _searched(table, whole, numbers=True)
    return [searched.get(item.column.name, item) for item in counted]


def candidates(table: Table, column: Searched, pattern: Pattern) -> list[tuple[str, int]]:
    as_read = "plain" if pattern.plain else "text"
    found = table.con.execute(
        f"select candidate, count(*) as found from (select unnest(regexp_extract_all("
        f"{as_read}, {literal(with_ranges(pattern.regex))}, 1)) as candidate from (select text, "
        f"{_PLAIN} as plain from (select {column.sql} as text from {table.source})) "
        f"where {_matches(pattern)}) group by candidate "
        f"order by found desc, candidate limit {CANDIDATES}"
    ).fetchall()
    return [(text, rows) for text, rows in found]


def sample_of(
    table: Table, looked: Looked, most: int, *, longest: int = LONGEST
) -> list[tuple[str, int]]:
    """Distinct values, chosen by their hash where there are many, so that it is repeatable."""
    every = max(1, looked.distinct // (2 * max(most, SAMPLE)))
    found = table.con.execute(
        f"select left(text, {longest}), count(*) from (select {looked.column.sql} as text "
        f"from {table.source}) where text <> '' and hash(text) % {every} = 0 "
        f"group by text order by hash(text), text limit {most}"
    ).fetchall()
    return [(text, rows) for text, rows in found]


def _searched(table: Table, columns: Sequence[Looked], *, numbers: bool) -> dict[str, Looked]:
    """The columns, by name, with the rows in which each pattern was found.

    Those whose values repeat are read by their distinct values. The columns are read as one long
    column of texts, so that each pattern is compiled once.
    """
    if not columns:
        return {}
    repeating = [n for n, item in enumerate(columns) if item.distinct < table.rows / 4]
    others = [n for n in range(len(columns)) if n not in repeating]
    parts = [
        f"select cell.place, cell.text, {rows} from (select unnest([{_cells(columns, places)}]) "
        f"as cell from {table.source}) where cell.text is not null {tail}"
        for places, rows, tail in (
            (repeating, "count(*) as n", "group by all"),
            (others, "1 as n", ""),
        )
        if places
    ]
    measures = _measures([n for n, item in enumerate(PATTERNS) if item.numbers or not numbers])
    if table.rows * len(columns) <= FEW:
        measures = _possible(table, columns, measures)
    if not measures:
        return {}
    found = table.con.execute(
        f"with texts as ({' union all '.join(parts)}), marked as (select *, "
        f"regexp_matches(text, {literal(_NEAR_DIGITS)}) as digits, {_PLAIN} as plain from texts) "
        f"select place, {', '.join(measures.values())} from marked group by place"
    ).fetchall()
    return {
        columns[place].column.name: replace(
            columns[place], hits=dict(zip(measures, hits, strict=True))
        )
        for place, *hits in found
    }


def _cells(columns: Sequence[Looked], places: Sequence[int]) -> str:
    """The texts of a row; hashes and UUIDs are blanked: ids of things, and long to search."""
    texts = [
        f"case when regexp_full_match({column.sql}, {literal(_HASH)}) then '' else {column.sql} end"
        if column.held == "text"
        else column.sql
        for column in (columns[place].column for place in places)
    ]
    return ", ".join(
        f"{{'place': {place}, 'text': {text}}}" for place, text in zip(places, texts, strict=True)
    )


def _possible(
    table: Table, columns: Sequence[Looked], measures: dict[str | int, str]
) -> dict[str | int, str]:
    """The measures that can find something: in a small mart, compiling patterns is the cost."""
    cells = ", ".join(item.column.sql for item in columns)
    found = table.con.execute(
        f"select text, lower({_PLAIN}) from "
        f"(select unnest([{cells}]) as text from {table.source}) where text <> ''"
    ).fetchall()
    text = "\n".join(text for text, _ in found)
    words = frozenset(word for _, plain in found for word in re.findall(r"[^\W\d_]+", plain))
    digits = any(re.search(_NEAR_DIGITS, text) for text, _ in found)
    needed: dict[str | int, bool] = {
        LINKS: "=" in text,
        KEYS: "{" in text or "</" in text,
        **{n: item.can_match(text, words, digits=digits) for n, item in enumerate(PATTERNS)},
    }
    return {name: sql for name, sql in measures.items() if needed[name]}


def _measures(patterns: Sequence[int]) -> dict[str | int, str]:
    """What is counted in texts: patterns by their place in PATTERNS, links and keys."""
    link = (
        f"contains(text, '=') and regexp_matches(text, {literal(with_ranges(urls.URL_WITH_QUERY))})"
    )
    return {
        LINKS: _rows(link),
        KEYS: _rows("(contains(text, '{') and contains(text, ':')) or contains(text, '</')"),
        **{n: _test(PATTERNS[n]) for n in patterns},
    }


def _test(pattern: Pattern) -> str:
    cheap = " or ".join(f"contains(text, {literal(part)})" for part in pattern.needle)
    before = (f"({cheap}) and " if cheap else "") + ("digits and " if pattern.digits else "")
    return _rows(before + _matches(pattern))


def _rows(condition: str) -> str:
    return f"coalesce(sum(n) filter (where {condition}), 0)::bigint"


def _matches(pattern: Pattern) -> str:
    as_read = "plain" if pattern.plain else "text"
    return f"regexp_matches({as_read}, {literal(with_ranges(pattern.regex))})"
