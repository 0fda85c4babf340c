"""Plots as plain numbers that templates draw as SVG: bars in parts, and a map of marks.

Every plot stands beside a table that says the same. Parts differ by how they are drawn (full,
pale, hollow) and not by colour alone; what each is worth is written beside its bar.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pages.places import MIDDLES

WIDTH, ROW = 400, 54
_LEAST = 1.5
"""What is there at all is seen."""
MAP_WIDTH, MAP_HEIGHT = 720, 330
_NORTH, _SOUTH = 80, -60
_MOST_RADIUS, _LEAST_RADIUS = 22.0, 3.5
_LABELLED = 9.0
"""From this radius on, the number fits into its mark."""


@dataclass(frozen=True)
class Row:
    """A bar: what it is of, its parts in order, and what it says in words."""

    label: str
    parts: Sequence[float]
    said: str


@dataclass(frozen=True)
class Part:
    drawn: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    label: str
    said: str
    y: int
    parts: Sequence[Part]


@dataclass(frozen=True)
class Bars:
    height: int
    bars: Sequence[Bar]


def bars(rows: Sequence[Row], drawn: Sequence[str]) -> Bars:
    """Bars below each other on one scale; *drawn* names how each part is drawn."""
    longest = max((sum(row.parts) for row in rows), default=0)
    scale = WIDTH / longest if longest else 0.0
    made = []
    for number, row in enumerate(rows):
        parts, x = [], 0.0
        for value, how in zip(row.parts, drawn, strict=True):
            if value > 0:
                width = max(value * scale, _LEAST)
                parts.append(Part(how, round(min(x, WIDTH - width), 1), round(width, 1)))
                x += width
        made.append(Bar(row.label, row.said, number * ROW, parts))
    return Bars(max(len(rows), 1) * ROW, made)


@dataclass(frozen=True)
class Mark:
    """A country on the map: a disc whose area is its number."""

    name: str
    count: int
    x: float
    y: float
    radius: float
    is_labelled: bool


def marks(counts: Sequence[tuple[str, str, int]]) -> list[Mark]:
    """The places (code, name, count) that have one, the largest first, so that all are seen."""
    most = max((count for _, _, count in counts), default=1)
    found = []
    for code, name, count in sorted(counts, key=lambda each: -each[2]):
        if code not in MIDDLES:
            continue
        x, y = point(*MIDDLES[code])
        radius = max(_MOST_RADIUS * math.sqrt(count / most), _LEAST_RADIUS)
        found.append(Mark(name, count, x, y, round(radius, 1), radius >= _LABELLED))
    return found


def point(north: float, east: float) -> tuple[float, float]:
    """Where a place lies on the map: degrees are equally far apart everywhere."""
    x = (east + 180) / 360 * MAP_WIDTH
    y = (_NORTH - north) / (_NORTH - _SOUTH) * MAP_HEIGHT
    return round(x, 1), round(min(max(y, 0), MAP_HEIGHT), 1)
