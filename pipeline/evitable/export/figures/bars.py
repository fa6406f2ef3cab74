"""Horizontal bars with their numbers in columns beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evitable.export.figures.colours import Fill
from evitable.export.figures.frame import Body, height_of, paragraph
from evitable.export.figures.letters import MIDDLE, width_of, wrapped
from evitable.export.figures.picture import GREY, HAIRLINE, INK, NORMAL, SMALL, Area, Item, Stroke, Words

_LABELS = 190.0
_BARS = 250.0
_COLUMN = 52.0
_THICK = 12.0
_GAP = 6.0
_SWATCH = 9.0
_SHORTEST_AXIS = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it counts, its parts from left to right, and the texts of its columns."""

    name: str
    parts: tuple[int, ...]
    texts: tuple[str, ...]
    fills: tuple[Fill, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of numbers; `fill` is that of the part that it gives the number of."""

    title: str
    fill: Fill | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Bars under a heading, which may be empty; `texts` are the columns of the whole group, or none."""

    heading: str
    bars: tuple[Bar, ...]
    texts: tuple[str, ...] = ()


def bars(groups: Sequence[Group], columns: Sequence[Column], axis: str) -> Body:
    """Lay out bars.

    Args:
        groups: Bars in order; no bars give the headings alone.
        columns: Titles of the columns, as many as each bar has texts.
        axis: What the length of a bar says.
    """
    names = [bar.name for group in groups for bar in group.bars] + [group.heading for group in groups]
    left = min(_LABELS, max((width_of(name[:80], NORMAL) for name in names), default=0.0) + 8)
    most = max((sum(bar.parts) for group in groups for bar in group.bars), default=0)
    most = max(most, _SHORTEST_AXIS)
    step = tick_step(most)
    scale = _BARS / (step * -(-most // step))
    header, top = _header(columns, left, axis)
    rows: list[Item] = []
    down = top + 6
    for group in groups:
        made, down = _group(group, left, down, scale)
        rows += made
    grid = _grid(left, top, down, scale, step)
    return Body(left + _BARS + _COLUMN * len(columns) + 4, down + 16, (*grid, *header, *rows))


def tick_step(most: int) -> int:
    """Give the step of an axis of whole numbers with up to six ticks: 1, 2 or 5 times a power of ten."""
    power = 1
    while True:
        for step in (power, 2 * power, 5 * power):
            if most <= 5 * step:
                return step
        power *= 10


def _header(columns: Sequence[Column], left: float, axis: str) -> tuple[list[Item], float]:
    """Give the titles over bars and columns, and where they end."""
    titles = [wrapped(column.title, _COLUMN - 4, SMALL, most=3) for column in columns]
    tall = max((height_of(lines, SMALL) for lines in titles), default=SMALL)
    tall += _SWATCH + 3 if any(column.fill for column in columns) else 0.0
    items: list[Item] = [Words(left, tall - 3, axis, SMALL, colour=GREY)]
    for number, (column, lines) in enumerate(zip(columns, titles, strict=True)):
        right = left + _BARS + _COLUMN * (number + 1)
        top = tall - height_of(lines, SMALL)
        items += paragraph(lines, top, Words(right, 0, "", SMALL, "right", colour=INK))
        if column.fill:
            y = top - _SWATCH - 2
            items.append(Area(right - 20, y, 20, _SWATCH, column.fill.colour, hatch=column.fill.hatch))
    return items, tall + 3


def _group(group: Group, left: float, down: float, scale: float) -> tuple[list[Item], float]:
    items: list[Item] = []
    if group.heading:
        lines = wrapped(group.heading, left - 6, NORMAL, bold=True)
        items += paragraph(lines, down, Words(0, 0, "", NORMAL, bold=True))
        items += _texts(group.texts, left, down + height_of(lines, NORMAL) / 2, GREY)
        down += height_of(lines, NORMAL) + 4
    for bar in group.bars:
        lines = wrapped(bar.name, left - 8, NORMAL)
        tall = max(_THICK, height_of(lines, NORMAL))
        middle = down + tall / 2
        items += paragraph(lines, middle - height_of(lines, NORMAL) / 2, Words(left - 6, 0, "", NORMAL, "right"))
        items += _parts(bar, left, middle, scale)
        items += _texts(bar.texts, left, middle, INK)
        down += tall + _GAP
    return items, down + (4 if group.heading else 0)


def _parts(bar: Bar, left: float, middle: float, scale: float) -> list[Item]:
    items: list[Item] = []
    x = left
    for count, fill in zip(bar.parts, bar.fills, strict=True):
        if count:
            items.append(Area(x, middle - _THICK / 2, count * scale, _THICK, fill.colour, hatch=fill.hatch))
            x += count * scale
    return items


def _texts(texts: Sequence[str], left: float, middle: float, colour: str) -> list[Item]:
    """Set the numbers of a row, each right-aligned in its column."""
    right = left + _BARS
    return [
        Words(right + _COLUMN * (number + 1), middle + NORMAL * MIDDLE, text, NORMAL, "right", colour=colour)
        for number, text in enumerate(texts)
    ]


def _grid(left: float, top: float, bottom: float, scale: float, step: int) -> list[Item]:
    """Give the upright lines behind the bars, and their numbers below."""
    items: list[Item] = []
    for number in range(round(_BARS / scale / step) + 1):
        x = left + number * step * scale
        items.append(Stroke(((x, top), (x, bottom)), GREY if not number else HAIRLINE, 0.8 if not number else 0.4))
        items.append(Words(x, bottom + 10, f"{number * step:,}", SMALL, "center", colour=GREY))
    return items
