"""Drawings of joins and lineage as boxes and lines, ready to be written as SVG."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from martlet.site.joins import Join
from martlet.site.layers import Layout, Size, Spot, arrange
from martlet.site.prose import clean

LETTER = 7.4  # pixels a letter of 12 px monospace takes, at most
MARGIN = 8
TITLE, ROW = 30, 22
LONGEST = 30
MOST = 14  # boxes of one kind in one drawing; the lists below it have the rest


@dataclass(frozen=True)
class Row:
    """A line of text in a box; `sign` is a key's kind."""

    text: str
    sign: str
    y: int


@dataclass(frozen=True)
class Box:
    """A box of a drawing. `kind` is its look; without `url` it leads nowhere."""

    x: int
    y: int
    width: int
    height: int
    title: str
    full: str
    kind: str
    url: str = ""
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Line:
    """A line from box to box as an SVG path; `many` and `one` are where the ends are marked."""

    path: str
    title: str = ""
    broken: bool = False
    many: tuple[int, int] | None = None
    one: tuple[int, int] | None = None


@dataclass(frozen=True)
class Drawing:
    """All boxes and lines, and the space they take in pixels."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    label: str


@dataclass(frozen=True)
class Thing:
    """A thing of a lineage: `level` is its column from the left."""

    id: str
    name: str
    kind: str
    level: int
    url: str = ""


def draw_joins(joins: Sequence[Join], here: str, url: Callable[[str], str]) -> Drawing | None:
    """The marts that join, each with its keys; None when nothing joins."""
    if not joins:
        return None
    keys = _keys_of(joins)
    names = {mart: _short(mart) for mart in keys}
    sizes = {
        mart: Size(
            _width([names[mart], *(f"{_short(text)} PK" for text in rows)]),
            TITLE + ROW * len(rows) + 8,
        )
        for mart, rows in keys.items()
    }
    layout = arrange(sizes, list(dict.fromkeys((join.mart, join.to) for join in joins)))
    boxes = {
        mart: _table(mart, sizes[mart], layout.spots[mart], keys[mart], here, url(mart))
        for mart in keys
    }
    lines = tuple(_join_line(join, boxes, keys, layout) for join in joins)
    return _drawing(boxes.values(), lines, "Marts and the keys by which they join")


def draw_lineage(things: Sequence[Thing], links: Iterable[tuple[str, str]]) -> Drawing | None:
    """What is made of what, from left to right; None when there is only one thing."""
    known = {thing.id: thing for thing in things}
    lines = [(a, b) for a, b in dict.fromkeys(links) if a in known and b in known]
    if not lines:
        return None
    sizes = {thing.id: Size(_width([_short(thing.name)]), TITLE) for thing in things}
    layout = arrange(sizes, lines, {thing.id: thing.level for thing in things})
    spots = layout.spots
    boxes = {
        item.id: Box(
            spots[item.id].x + MARGIN,
            spots[item.id].y + MARGIN,
            sizes[item.id].width,
            TITLE,
            _short(item.name),
            clean(item.name),
            item.kind,
            item.url,
        )
        for item in things
    }
    drawn = tuple(_curve(boxes, (a, b), layout) for a, b in lines)
    return _drawing(boxes.values(), drawn, "What is made of what, from left to right")


def _keys_of(joins: Sequence[Join]) -> dict[str, dict[str, str]]:
    """mart -> column -> sign, the keys of others to look up by first."""
    keys: dict[str, dict[str, str]] = {}
    for join in joins:
        keys.setdefault(join.mart, {})
        keys.setdefault(join.to, {})
    for join in joins:
        keys[join.to].setdefault(join.to_column, "key")
    for join in joins:
        keys[join.mart].setdefault(join.column, "key" if join.kind == "one to one" else "")
    return keys


def _table(mart: str, size: Size, spot: Spot, keys: Mapping[str, str], here: str, url: str) -> Box:
    rows = tuple(
        Row(_short(column), sign, spot.y + MARGIN + TITLE + ROW * number + 15)
        for number, (column, sign) in enumerate(keys.items())
    )
    kind = "mart here" if mart == here else "mart"
    x, y = spot.x + MARGIN, spot.y + MARGIN
    return Box(x, y, size.width, size.height, _short(mart), clean(mart), kind, url, rows)


def _join_line(
    join: Join, boxes: Mapping[str, Box], keys: Mapping[str, Mapping[str, str]], layout: Layout
) -> Line:
    start, end = boxes[join.mart], boxes[join.to]
    y1, y2 = (
        box.y + TITLE + ROW * list(keys[mart]).index(column) + 11
        for box, mart, column in (
            (start, join.mart, join.column),
            (end, join.to, join.to_column),
        )
    )
    on = f"{clean(join.mart)}.{clean(join.column)} = {clean(join.to)}.{clean(join.to_column)}"
    path, target = _way(start, end, y1, y2, layout.bends[join.mart, join.to])
    many = (start.x + start.width, y1) if join.kind != "one to one" else None
    return Line(path, f"{on} ({join.kind})", join.proof == "broken", many, (target, y2))


def _curve(boxes: Mapping[str, Box], link: tuple[str, str], layout: Layout) -> Line:
    start, end = boxes[link[0]], boxes[link[1]]
    middles = start.y + start.height // 2, end.y + end.height // 2
    return Line(_way(start, end, *middles, layout.bends[link])[0])


def _way(
    start: Box, end: Box, y1: int, y2: int, bends: Sequence[tuple[Spot, int]]
) -> tuple[str, int]:
    """The path of a line, and where it meets its target, in pixels from the left."""
    x1 = start.x + start.width
    if end.x < x1:  # beside or behind it: out and back on the right
        right = end.x + end.width
        out = max(x1, right) + 36
        return f"M{x1},{y1} C{out},{y1} {out},{y2} {right},{y2}", right
    path, x, y = f"M{x1},{y1}", x1, y1
    for spot, width in bends:
        left, level = spot.x + MARGIN, spot.y + MARGIN
        path += _bend(x, y, left, level) + f" H{left + width}"
        x, y = left + width, level
    return path + _bend(x, y, end.x, y2), end.x


def _bend(x1: int, y1: int, x2: int, y2: int) -> str:
    middle = (x1 + x2) // 2
    return f" C{middle},{y1} {middle},{y2} {x2},{y2}"


def _drawing(boxes: Iterable[Box], lines: tuple[Line, ...], label: str) -> Drawing:
    listed = tuple(boxes)
    reach = [int(x) for line in lines for x in re.findall(r"(\d+),", line.path)]
    width = max(*reach, *(box.x + box.width for box in listed)) + MARGIN
    height = max(box.y + box.height for box in listed) + MARGIN
    return Drawing(width, height, listed, lines, label)


def _width(texts: Iterable[str]) -> int:
    return round(max(len(text) for text in texts) * LETTER) + 26


def _short(name: str) -> str:
    text = clean(name)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
