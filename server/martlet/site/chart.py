"""A metric's recent months as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from martlet.flow.site import Point

WIDTH, HEAD, HEIGHT, FOOT = 720, 18, 150, 20


@dataclass(frozen=True)
class Bar:
    """One month; `height` 0 and no value when there was none."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    point: Point


@dataclass(frozen=True)
class Chart:
    """Bars over a base line at `zero`, in pixels from the top."""

    bars: tuple[Bar, ...]
    zero: float
    width: int = WIDTH
    height: int = HEAD + HEIGHT + FOOT


def chart(points: Sequence[Point]) -> Chart | None:
    """The bars of at least two values; None for fewer."""
    values = [point.value for point in points if point.value is not None]
    if len(values) < 2:
        return None
    top, bottom = max(*values, 0.0), min(*values, 0.0)
    scale = HEIGHT / (top - bottom) if top > bottom else 0.0
    step = WIDTH / max(len(points), 6)
    bars = []
    for number, point in enumerate(points):
        value = point.value or 0.0
        x, width = number * step + step * 0.14, step * 0.72
        y = HEAD + (top - max(value, 0.0)) * scale
        height = abs(value) * scale
        shown = [round(item, 1) for item in (x, y, width, height, x + width / 2)]
        bars.append(Bar(shown[0], shown[1], shown[2], shown[3], shown[4], point))
    return Chart(tuple(bars), round(HEAD + top * scale, 1))
