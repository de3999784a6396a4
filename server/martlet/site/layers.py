"""Boxes in columns: a layered drawing, in which lines lead from left to right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

GAP_X, GAP_Y, MOST_GAP = 88, 20, 40
SWEEPS = 8
Link = tuple[str, str]


@dataclass(frozen=True)
class Size:
    """A box in pixels."""

    width: int
    height: int


@dataclass(frozen=True)
class Spot:
    """Where a box's upper left corner is."""

    x: int
    y: int


@dataclass(frozen=True)
class Layout:
    """A spot for every box, and where each line passes the columns between its ends."""

    spots: Mapping[str, Spot]
    bends: Mapping[Link, tuple[tuple[Spot, int], ...]]  # upper left corner and width of the gap


def arrange(
    boxes: Mapping[str, Size], links: Sequence[Link], given: Mapping[str, int] | None = None
) -> Layout:
    """A spot for every box: lines lead rightwards, boxes stand near what they are linked to.

    `given` are columns that are known; otherwise a box stands as far left as its lines allow. The
    same input gives the same drawing.
    """
    depth = dict(given) if given else _depths(boxes, links)
    gaps = _gaps(links, depth)
    every = {**boxes, **{name: Size(0, 2) for names in gaps.values() for name, _ in names}}
    depth |= {name: level for names in gaps.values() for name, level in names}
    near = _neighbours(_steps(links, gaps))
    columns = _columns(every, depth)
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            rank = {name: i for other in columns for i, name in enumerate(other)}
            column.sort(key=lambda name: _mean([rank[n] for n in near[name]], rank[name]))
    spots = _spots(every, columns, near)
    widths = {name: max(every[n].width for n in column) for column in columns for name in column}
    bends = {
        link: tuple((spots[name], widths[name]) for name, _ in names)
        for link, names in gaps.items()
    }
    return Layout({name: spots[name] for name in boxes}, bends)


def _gaps(links: Sequence[Link], depth: Mapping[str, int]) -> dict[Link, list[tuple[str, int]]]:
    """For each line the places that it must pass, with their columns, so that it crosses no box."""
    return {
        (source, target): [
            (f"{source}\n{target}\n{level}", level)
            for level in sorted(set(depth.values()))
            if depth[source] < level < depth[target]
        ]
        for source, target in links
    }


def _steps(links: Sequence[Link], gaps: Mapping[Link, list[tuple[str, int]]]) -> list[Link]:
    steps = []
    for source, target in links:
        way = [source, *(name for name, _ in gaps[source, target]), target]
        steps += list(zip(way, way[1:], strict=False))
    return steps


def _columns(boxes: Mapping[str, Size], depth: Mapping[str, int]) -> list[list[str]]:
    columns: dict[int, list[str]] = defaultdict(list)
    for name in boxes:
        columns[depth[name]].append(name)
    return [columns[level] for level in sorted(columns)]


def _depths(boxes: Mapping[str, Size], links: Sequence[Link]) -> dict[str, int]:
    """The longest way to each box; a line that closes a circle counts for nothing."""
    before: dict[str, list[str]] = defaultdict(list)
    for source, target in links:
        before[target].append(source)
    depth: dict[str, int] = {}

    def settle(name: str, above: frozenset[str]) -> int:
        if name not in depth:
            parents = [p for p in before[name] if p not in above and p != name]
            depths = [settle(parent, above | {name}) + 1 for parent in parents]
            depth[name] = max(depths, default=0)
        return depth[name]

    for name in boxes:
        settle(name, frozenset())
    return depth


def _neighbours(links: Sequence[Link]) -> dict[str, list[str]]:
    near: dict[str, list[str]] = defaultdict(list)
    for source, target in links:
        near[source].append(target)
        near[target].append(source)
    return near


def _mean(ranks: list[int], own: int) -> float:
    return fmean(ranks) if ranks else float(own)


def _spots(
    boxes: Mapping[str, Size], columns: list[list[str]], near: Mapping[str, list[str]]
) -> dict[str, Spot]:
    tops = {name: 0.0 for name in boxes}
    for column in columns:
        _stack(column, boxes, tops, {name: 0.0 for name in column})
    for sweep in range(SWEEPS):
        for column in columns if sweep % 2 == 0 else columns[::-1]:
            wanted = {name: _level(name, boxes, tops, near) for name in column}
            _stack(column, boxes, tops, wanted)
    least = min(tops.values(), default=0.0)
    spots, x = {}, 0
    for column in columns:
        for name in column:
            spots[name] = Spot(x, round(tops[name] - least))
        x += max(boxes[name].width for name in column) + GAP_X
    return spots


def _level(
    name: str, boxes: Mapping[str, Size], tops: Mapping[str, float], near: Mapping[str, list[str]]
) -> float:
    """The top at which the middle of a box is level with its neighbours."""
    middles = [tops[other] + boxes[other].height / 2 for other in near.get(name, ())]
    return fmean(middles) - boxes[name].height / 2 if middles else tops[name]


def _stack(
    column: list[str], boxes: Mapping[str, Size], tops: dict[str, float], wanted: dict[str, float]
) -> None:
    """The boxes in their order without overlap, as near to what is wanted as one shift allows."""
    floor, most, shifts = float("-inf"), float("inf"), []
    for name in column:
        tops[name] = min(max(wanted[name], floor), most)
        floor = tops[name] + boxes[name].height + GAP_Y
        most = floor + MOST_GAP
        shifts.append(tops[name] - wanted[name])
    shift = fmean(shifts) if shifts else 0.0
    for name in column:
        tops[name] -= shift
