"""Looks through a mart for personal data: names, all values, a sample of whole values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from martlet.flow.personal import Finding
from martlet.publish.connect import Connection, literal, quoted
from martlet.publish.personal import nested, urls, values
from martlet.publish.personal.chance import beyond_chance
from martlet.publish.personal.columns import Searched, searched
from martlet.publish.personal.letters import with_ranges
from martlet.publish.personal.names import (
    hint,
    holds_number,
    is_of_codes,
    is_of_things,
    is_of_versions,
    words_of,
)
from martlet.publish.personal.patterns import PATTERNS, Pattern
from martlet.publish.personal.terms import PEOPLE, PLACES
from martlet.publish.serving import relation_columns
from martlet.publish.source import SourceMart

SCANNED_VALUES = 200_000_000  # texts of one mart; a mart with more is sampled by rows
FEW = 20_000  # texts of one mart that are looked through for what patterns need
CANDIDATES = 100_000  # distinct candidates of one pattern in one column that are confirmed
SAMPLE = 2_000  # distinct whole values of a column that are looked at
LONGEST = 400  # characters of them
_LINKS, _KEYS = "links", "keys"  # hits that are of no pattern
_NEAR_DIGITS = r"(?:\d\D{0,3}){4}"
_HASH = r"(?i)[0-9a-f]{32}(?:[0-9a-f]{8}|[0-9a-f]{32})?|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True)
class _Table:
    """A mart as it is read. `source` is what stands after FROM; the sample is of its rows."""

    con: Connection
    mart: str
    source: str
    rows: int
    sampled: bool


@dataclass(frozen=True)
class _Looked:
    """A column with what was counted in it: rows that hold a value, and that match (`hits`)."""

    column: Searched
    held: int
    distinct: int
    hits: Mapping[str | int, int] = field(default_factory=dict)  # as named by `_measures`


def find_personal(
    con: Connection, alias: str, mart: SourceMart, columns: Sequence[str]
) -> list[Finding]:
    """What looks personal in the given columns of a mart, each kind of a column once.

    Every row is read, unless the mart is so large that a repeatable sample must do. Raises:
    BuildFailed `build.source` for a mart that does not bind, duckdb.Error for one that fails.
    """
    types = dict(relation_columns(con, alias, mart.schema, mart.relation))
    wanted = [searched(name, types[name]) for name in columns]
    table = _table(con, alias, mart, sum(item.held in ("text", "nested") for item in wanted))
    found = [
        finding
        for looked in _count(table, [item for item in wanted if item.held != "none"])
        for finding in _judge(table, looked)
    ]
    return _once(found)


def _table(con: Connection, alias: str, mart: SourceMart, texts: int) -> _Table:
    source = quoted(alias, mart.schema, mart.relation)
    rows = con.execute(f"select count(*) from {source}").fetchall()[0][0]
    if rows * texts <= SCANNED_VALUES:
        return _Table(con, mart.name, source, rows, sampled=False)
    percent = max(0.01, 100 * SCANNED_VALUES / (rows * texts))
    part = f"{source} using sample {percent:.4f} percent (bernoulli, 42)"
    return _Table(con, mart.name, part, rows, sampled=True)


def _count(table: _Table, columns: Sequence[Searched]) -> list[_Looked]:
    """All columns counted: those with text by every pattern, whole numbers by those of numbers."""
    if not columns:
        return []
    measures = [
        f"count({quoted(item.name)}), approx_count_distinct({quoted(item.name)})"
        for item in columns
    ]
    flat = table.con.execute(f"select {', '.join(measures)} from {table.source}").fetchall()[0]
    counted = [
        _Looked(item, held, distinct)
        for item, held, distinct in zip(columns, flat[::2], flat[1::2], strict=True)
    ]
    texts = [item for item in counted if item.held and item.column.held in ("text", "nested")]
    whole = [item for item in counted if item.held and item.column.held == "whole"]
    searched = _searched(table, texts, numbers=False) | _searched(table, whole, numbers=True)
    return [searched.get(item.column.name, item) for item in counted]


def _searched(table: _Table, columns: Sequence[_Looked], *, numbers: bool) -> dict[str, _Looked]:
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
        f"regexp_matches(text, {literal(_NEAR_DIGITS)}) as digits from texts) "
        f"select place, {', '.join(measures.values())} from marked group by place"
    ).fetchall()
    return {
        columns[place].column.name: replace(
            columns[place], hits=dict(zip(measures, hits, strict=True))
        )
        for place, *hits in found
    }


def _cells(columns: Sequence[_Looked], places: Sequence[int]) -> str:
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
    table: _Table, columns: Sequence[_Looked], measures: dict[str | int, str]
) -> dict[str | int, str]:
    """The measures that can find something: in a small mart, compiling patterns is the cost."""
    cells = ", ".join(item.column.sql for item in columns)
    found = table.con.execute(
        f"select text, lower(strip_accents(text)) from "
        f"(select unnest([{cells}]) as text from {table.source}) where text <> ''"
    ).fetchall()
    text = "\n".join(text for text, _ in found)
    words = frozenset(word for _, plain in found for word in re.findall(r"[^\W\d_]+", plain))
    digits = any(re.search(_NEAR_DIGITS, text) for text, _ in found)
    needed: dict[str | int, bool] = {
        _LINKS: "=" in text,
        _KEYS: "{" in text,
        **{n: item.can_match(text, words, digits=digits) for n, item in enumerate(PATTERNS)},
    }
    return {name: sql for name, sql in measures.items() if needed[name]}


def _measures(patterns: Sequence[int]) -> dict[str | int, str]:
    """What is counted in texts: patterns by their place in PATTERNS, links and keys."""
    link = (
        f"contains(text, '=') and regexp_matches(text, {literal(with_ranges(urls.URL_WITH_QUERY))})"
    )
    return {
        _LINKS: _rows(link),
        _KEYS: _rows("contains(text, '{') and contains(text, ':')"),
        **{n: _test(PATTERNS[n]) for n in patterns},
    }


def _test(pattern: Pattern) -> str:
    cheap = " or ".join(f"contains(text, {literal(part)})" for part in pattern.needle)
    before = (f"({cheap}) and " if cheap else "") + ("digits and " if pattern.digits else "")
    return _rows(before + _matches(pattern))


def _rows(condition: str) -> str:
    return f"coalesce(sum(n) filter (where {condition}), 0)::bigint"


def _matches(pattern: Pattern) -> str:
    return f"regexp_matches({_as_read(pattern)}, {literal(with_ranges(pattern.regex))})"


def _as_read(pattern: Pattern) -> str:
    return "strip_accents(text)" if pattern.plain else "text"


def _judge(table: _Table, looked: _Looked) -> Iterator[Finding]:
    column = looked.column
    yield from _by_name(table, looked)
    if looked.held == 0:
        return
    known: set[str] = set()
    for place, pattern in enumerate(PATTERNS):
        if looked.hits.get(place) and pattern.kind not in known:
            found = list(_by_pattern(table, looked, pattern, looked.hits[place]))
            known |= {item.kind for item in found}
            yield from found
    if column.held not in ("text", "nested"):
        return
    if looked.hits.get(_LINKS):
        yield from _by_url(table, looked)
    if looked.hits.get(_KEYS) or column.held == "nested":
        yield from _by_key(table, looked)
    if column.held == "text":
        yield from _by_values(table, looked)


def _by_name(table: _Table, looked: _Looked) -> Iterator[Finding]:
    """What the name says, where the column can hold it; a weak hint needs the values' support."""
    column = looked.column
    told = hint(column.name, table.mart)
    if told is None or not _can_hold(told.kind, column):
        return
    if told.weak and not _supported(table, looked, told.kind):
        return
    shape = next((values.masked(value) for value, _ in _sample(table, looked, 1)), "")
    yield Finding(table.mart, column.name, told.kind, None, shape, table.sampled)


def _can_hold(kind: str, column: Searched) -> bool:
    if column.held == "day":
        return kind == "birth"
    if column.held == "whole":
        return holds_number(kind, column.name)
    if column.held == "number":
        return kind in ("location", "phone", "payment", "national_id")
    return True


def _supported(table: _Table, looked: _Looked, kind: str) -> bool:
    if looked.column.held not in ("text", "nested"):
        return False
    sample = _sample(table, looked, SAMPLE)
    if kind == "free_text":
        return values.is_written(sample)
    return values.are_names(sample, least=0.3)


def _by_pattern(table: _Table, looked: _Looked, pattern: Pattern, hits: int) -> Iterator[Finding]:
    """Confirm the candidates of a pattern, and judge whether they are more than accident."""
    column = looked.column
    if pattern.codes and is_of_codes(column.name):
        return
    if pattern.kind == "ip" and is_of_versions(column.name):
        return
    if pattern.kind in ("address", "location") and PLACES.intersection(words_of(table.mart)):
        return
    found = _candidates(table, column, pattern)
    good = [(text, rows) for text, rows in found if not pattern.confirm or pattern.confirm(text)]
    if not beyond_chance(len(good), len(found), pattern.chance):
        return
    share = hits / looked.held * sum(n for _, n in good) / sum(n for _, n in found)
    if share < pattern.things and _is_of_things(column.name, table.mart):
        return
    yield Finding(
        table.mart, column.name, pattern.kind, share, values.masked(good[0][0]), table.sampled
    )


def _is_of_things(column: str, mart: str) -> bool:
    """A column that names products, or any column of a mart about things and not people."""
    return is_of_things(column) or (is_of_things(mart) and not PEOPLE.intersection(words_of(mart)))


def _candidates(table: _Table, column: Searched, pattern: Pattern) -> list[tuple[str, int]]:
    found = table.con.execute(
        f"select candidate, count(*) as found from (select unnest(regexp_extract_all("
        f"{_as_read(pattern)}, {literal(with_ranges(pattern.regex))}, 1)) as candidate "
        f"from (select {column.sql} as text from {table.source}) "
        f"where {_matches(pattern)}) group by candidate "
        f"order by found desc, candidate limit {CANDIDATES}"
    ).fetchall()
    return [(text, rows) for text, rows in found]


def _by_url(table: _Table, looked: _Looked) -> Iterator[Finding]:
    """Parameters that identify somebody."""
    found = table.con.execute(
        "select split_part(pair, '=', 1), count(*), "
        f"list(distinct left(given, 80)) filter (where regexp_matches(given, "
        f"{literal(urls.LONG_VALUE)}))[:20] from (select pair, substr(pair, instr(pair, '=') + 1) "
        f"as given from (select unnest(regexp_extract_all(text, {literal(urls.PARAMETER)}, 1)) "
        f"as pair from (select {looked.column.sql} as text from {table.source}) "
        f"where regexp_matches(text, {literal(with_ranges(urls.URL_WITH_QUERY))}))) group by 1 "
        "order by 2 desc, 1 limit 2000"
    ).fetchall()
    rows = [
        count
        for name, count, long in found
        if urls.identifies(name, long_values=sum(urls.is_key(value) for value in long or ()))
    ]
    if rows:
        share = min(max(rows) / looked.held, 1.0)
        yield Finding(table.mart, looked.column.name, "url", share, "?a=a", table.sampled)


def _by_key(table: _Table, looked: _Looked) -> Iterator[Finding]:
    """Names inside nested values: every key of every row, and whole paths in a sample."""
    column = looked.column
    known: set[tuple[nested.Path, bool]] = set()
    for regex, is_number in ((nested.TEXT_KEY, False), (nested.NUMBER_KEY, True)):
        found = table.con.execute(
            f"select distinct unnest(regexp_extract_all(text, {literal(regex)}, 1)) from "
            f"(select {column.sql} as text from {table.source}) "
            "where contains(text, ':') order by 1 limit 5000"
        ).fetchall()
        known |= {((name,), is_number) for (name,) in found}
    for value, _ in _sample(table, looked, 300, longest=20_000):
        known |= set(nested.paths(value))
    for path, is_number in sorted(known):
        told = nested.hint_of(column.name, table.mart, path, is_number=is_number)
        if told:
            yield Finding(table.mart, column.name, told.kind, None, "{a: a}", table.sampled)


def _by_values(table: _Table, looked: _Looked) -> Iterator[Finding]:
    """What whole values say together under a name that says nothing."""
    column, sample = looked.column, _sample(table, looked, SAMPLE)
    kinds = {
        "phone": not is_of_codes(column.name) and values.are_phones(sample),
        "address": not PLACES.intersection(words_of(table.mart))
        and values.are_towns_with_postcode(sample),
        "name": not _is_of_things(column.name, table.mart) and values.look_like_names(sample),
        "free_text": values.is_spoken(sample, rows=looked.held, distinct=looked.distinct),
    }
    for kind, holds in kinds.items():
        if holds:
            shape = values.masked(sample[0][0])
            yield Finding(table.mart, column.name, kind, 1.0, shape, table.sampled)


def _sample(
    table: _Table, looked: _Looked, most: int, *, longest: int = LONGEST
) -> list[tuple[str, int]]:
    """Distinct values, chosen by their hash where there are many, so that it is repeatable."""
    every = max(1, looked.distinct // (2 * max(most, SAMPLE)))
    found = table.con.execute(
        f"select left(text, {longest}), count(*) from (select {looked.column.sql} as text "
        f"from {table.source}) where text <> '' and hash(text) % {every} = 0 "
        f"group by text order by hash(text), text limit {most}"
    ).fetchall()
    return [(text, rows) for text, rows in found]


def _once(found: Sequence[Finding]) -> list[Finding]:
    """Each kind of a column once, with the greatest share that was measured."""
    kept: dict[tuple[str, str], Finding] = {}
    for item in found:
        first = kept.setdefault((item.column, item.kind), item)
        if first.share is None or (item.share is not None and item.share > first.share):
            kept[item.column, item.kind] = replace(item, share=item.share or first.share)
    return list(kept.values())
