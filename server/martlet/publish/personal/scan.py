"""Looks through a mart for personal data: names, all values, a sample of whole values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from martlet.flow.personal import Finding
from martlet.publish.connect import Connection, literal
from martlet.publish.personal import nested, urls, values
from martlet.publish.personal.chance import beyond_chance
from martlet.publish.personal.columns import Searched, searched
from martlet.publish.personal.letters import with_ranges
from martlet.publish.personal.names import (
    hints,
    holds_number,
    is_of_amounts,
    is_of_codes,
    is_of_old_days,
    is_of_things,
    is_of_versions,
    words_of,
)
from martlet.publish.personal.pattern import Pattern
from martlet.publish.personal.patterns import PATTERNS
from martlet.publish.personal.reading import (
    KEYS,
    LINKS,
    SAMPLE,
    Looked,
    Table,
    candidates,
    count,
    open_table,
    sample_of,
)
from martlet.publish.personal.terms import PEOPLE, PLACES
from martlet.publish.serving import relation_columns, served_type
from martlet.publish.source import SourceMart


@dataclass(frozen=True)
class Search:
    """What was found in a mart, and whether only a sample of its rows was looked at."""

    findings: list[Finding]
    sampled: bool


def find_personal(con: Connection, alias: str, mart: SourceMart, columns: Sequence[str]) -> Search:
    """What looks personal in the given columns of a mart, each kind of a column once.

    Every row is read, unless the mart is so large that a repeatable sample must do. Raises:
    BuildFailed `build.source` for a mart that does not bind, duckdb.Error for one that fails.
    """
    types = dict(relation_columns(con, alias, mart.schema, mart.relation))
    wanted = [searched(name, types[name]) for name in columns]
    table = open_table(con, alias, mart, sum(item.held in ("text", "nested") for item in wanted))
    found = [
        finding
        for looked in count(table, [item for item in wanted if item.held != "none"])
        for finding in _judge(table, looked)
    ]
    typed = [replace(item, type=served_type(types[item.column])) for item in found]
    return Search(_once(typed), table.sampled)


def _judge(table: Table, looked: Looked) -> Iterator[Finding]:
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
        yield from _by_numbers(table, looked)
        return
    if looked.hits.get(LINKS):
        yield from _by_url(table, looked)
    if looked.hits.get(KEYS) or column.held == "nested":
        yield from _by_key(table, looked)
    if column.held == "text":
        yield from _by_values(table, looked)


def _by_name(table: Table, looked: Looked) -> Iterator[Finding]:
    """What the name says, where the column can hold it; a weak hint needs the values' support."""
    column = looked.column
    for told in hints(column.name, table.mart):
        if _can_hold(told.kind, column) and (not told.weak or _supported(table, looked, told.kind)):
            shape = next((values.masked(value) for value, _ in sample_of(table, looked, 1)), "")
            yield Finding(table.mart, column.name, told.kind, None, shape, table.sampled)
            return


def _can_hold(kind: str, column: Searched) -> bool:
    if column.held == "day":
        return kind == "birth"
    if column.held == "whole":
        return holds_number(kind, column.name)
    if column.held == "number":
        return kind in ("location", "phone", "payment", "national_id")
    return True


def _supported(table: Table, looked: Looked, kind: str) -> bool:
    if looked.column.held not in ("text", "nested"):
        return False
    sample = sample_of(table, looked, SAMPLE)
    if kind == "free_text":
        return values.is_written(sample)
    return values.are_names(sample, least=0.3)


def _by_pattern(table: Table, looked: Looked, pattern: Pattern, hits: int) -> Iterator[Finding]:
    """Confirm the candidates of a pattern, and judge whether they are more than accident."""
    column = looked.column
    if pattern.codes and is_of_codes(column.name):
        return
    if pattern.kind == "ip" and is_of_versions(column.name):
        return
    if pattern.kind in ("address", "location") and _is_of_places(column.name, table.mart):
        return
    found = candidates(table, column, pattern)
    good = [(text, rows) for text, rows in found if not pattern.confirm or pattern.confirm(text)]
    if not beyond_chance(len(good), len(found), pattern.chance):
        return
    share = hits / looked.held * sum(n for _, n in good) / sum(n for _, n in found)
    if share < pattern.things and _is_of_things(column.name, table.mart):
        return
    yield Finding(
        table.mart, column.name, pattern.kind, share, values.masked(good[0][0]), table.sampled
    )


def _is_of_places(column: str, mart: str) -> bool:
    """A mart of stores and depots, or a column that names one; towns alone are no such place."""
    towns = {"city", "cities", "country", "region", "regions", "geo"}
    return bool(PLACES.intersection(words_of(mart)) or (PLACES - towns) & {*words_of(column)})


def _is_of_things(column: str, mart: str) -> bool:
    """A column that names products, or any column of a mart about things and not people."""
    return is_of_things(column) or (is_of_things(mart) and not PEOPLE.intersection(words_of(mart)))


def _by_url(table: Table, looked: Looked) -> Iterator[Finding]:
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


def _by_key(table: Table, looked: Looked) -> Iterator[Finding]:
    """Names inside nested values: every key of every row, and whole paths in a sample."""
    column = looked.column
    known: set[tuple[nested.Path, bool]] = set()
    for regex, is_number in (
        (nested.TEXT_KEY, False),
        (nested.NUMBER_KEY, True),
        (nested.ELEMENT, False),
    ):
        found = table.con.execute(
            f"select distinct unnest(regexp_extract_all(text, {literal(regex)}, 1)) from "
            f"(select {column.sql} as text from {table.source}) "
            "where contains(text, ':') or contains(text, '<') order by 1 limit 5000"
        ).fetchall()
        known |= {((name,), is_number) for (name,) in found}
    for value, _ in sample_of(table, looked, 300, longest=20_000):
        known |= set(nested.paths(value))
    for path, is_number in sorted(known):
        told = nested.hint_of(column.name, table.mart, path, is_number=is_number)
        if told:
            yield Finding(table.mart, column.name, told.kind, None, "{a: a}", table.sampled)


def _by_numbers(table: Table, looked: Looked) -> Iterator[Finding]:
    """What numbers and days say together: phones, and days on which people were born."""
    column, sample = looked.column, sample_of(table, looked, SAMPLE)
    kinds = {
        "phone": column.held in ("whole", "number")
        and not is_of_codes(column.name)
        and not is_of_amounts(column.name)
        and values.are_phone_numbers(sample),
        "birth": column.held == "day" and _are_birth_dates(table, column, sample),
    }
    for kind, holds in kinds.items():
        if holds:
            shape = values.masked(sample[0][0])
            yield Finding(table.mart, column.name, kind, 1.0, shape, table.sampled)


def _are_birth_dates(table: Table, column: Searched, sample: values.Sample) -> bool:
    """A mart of days has old days too, and so has what was founded or released long ago."""
    return not is_of_old_days(column.name, table.mart) and values.are_birth_dates(sample)


def _by_values(table: Table, looked: Looked) -> Iterator[Finding]:
    """What whole values say together under a name that says nothing."""
    column, sample = looked.column, sample_of(table, looked, SAMPLE)
    kinds = {
        "phone": not is_of_codes(column.name) and values.are_phones(sample),
        "address": not _is_of_places(column.name, table.mart)
        and (values.are_towns_with_postcode(sample) or values.are_postcodes(sample)),
        "birth": _are_birth_dates(table, column, sample),
        "name": not _is_of_things(column.name, table.mart) and values.look_like_names(sample),
        "free_text": values.is_spoken(sample, rows=looked.held, distinct=looked.distinct),
    }
    for kind, holds in kinds.items():
        if holds:
            shape = values.masked(sample[0][0])
            yield Finding(table.mart, column.name, kind, 1.0, shape, table.sampled)


def _once(found: Sequence[Finding]) -> list[Finding]:
    """Each kind of a column once, with the greatest share that was measured."""
    kept: dict[tuple[str, str], Finding] = {}
    for item in found:
        first = kept.setdefault((item.column, item.kind), item)
        if first.share is None or (item.share is not None and item.share > first.share):
            kept[item.column, item.kind] = replace(item, share=item.share or first.share)
    return list(kept.values())
