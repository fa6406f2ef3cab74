"""The evidence map: panels of cells, each with its number of studies, also the empty ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from evitable.export.figures.colours import ink_on, shade
from evitable.export.figures.frame import Body, height_of, paragraph
from evitable.export.figures.letters import MIDDLE, width_of, wrapped
from evitable.export.figures.picture import GREY, HAIRLINE, NORMAL, SMALL, Area, Item, Words, moved

_LABELS = 180.0
_WIDE = 58.0
_NARROW = 30.0
_TALL = 21.0
_APART = 14.0
_PAGE = 780.0
_FEW_COLUMNS = 9
_HEADER = 110.0
"""Room for column titles that are turned."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One side of the map: the dimension's title, and name, title and family of each of its codes."""

    title: str
    codes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the map: its heading, which may be empty, and studies by row's and column's code."""

    heading: str
    studies: Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class _Shape:
    """Measures that all panels share."""

    left: float
    cell: float
    heading: float
    header: float
    turned: bool
    most: int


def grid(rows: Axis, columns: Axis, panels: Sequence[Panel]) -> Body:
    """Lay out the map: panels beside each other, as many as a page takes, then below.

    Args:
        rows: What runs down.
        columns: What runs across, in each panel.
        panels: In order.
    """
    shape = _shape(rows, columns, panels)
    wide = shape.cell * len(columns.codes) + _APART
    beside = max(1, min(len(panels), int((_PAGE - shape.left) // wide)))
    items: list[Item] = []
    down = 0.0
    for start in range(0, len(panels), beside):
        labels, places, bottom = _rows(rows, shape, down)
        items += labels
        items += _corner(rows, columns, shape, down)
        for number, panel in enumerate(panels[start : start + beside]):
            right = shape.left + wide * number
            items += moved(_panel(columns, panel, shape, places, down), right, 0)
        down = bottom + _APART
    return Body(shape.left + wide * beside - _APART, down - _APART, tuple(items))


def _shape(rows: Axis, columns: Axis, panels: Sequence[Panel]) -> _Shape:
    names = [title[:60] for _, title, _ in rows.codes] + [family[:60] for _, _, family in rows.codes]
    left = min(_LABELS, max(width_of(name, NORMAL, bold=True) for name in names) + 10)
    cell = _WIDE if len(columns.codes) * len(panels) <= _FEW_COLUMNS else _NARROW
    widest = max(width_of(word, SMALL) for _, title, _ in columns.codes for word in [*title[:60].split(), ""])
    turned = widest > cell - 4
    if turned:
        header = max(width_of(line, SMALL) for code in columns.codes for line in [*_turned(code[1], cell), ""])
    else:
        header = max(height_of(wrapped(title, cell - 4, SMALL), SMALL) for _, title, _ in columns.codes)
    across = cell * len(columns.codes)
    heading = max(height_of(_heading(panel, across), NORMAL) for panel in panels) + 3
    most = max((count for panel in panels for count in panel.studies.values()), default=0)
    return _Shape(left, cell, heading, header + 6, turned, most)


def _heading(panel: Panel, across: float) -> tuple[str, ...]:
    return wrapped(panel.heading, across, NORMAL, bold=True, most=5)


def _turned(title: str, cell: float) -> tuple[str, ...]:
    return wrapped(title, _HEADER, SMALL, most=max(1, int(cell // (SMALL * 1.3))))


def _corner(rows: Axis, columns: Axis, shape: _Shape, down: float) -> list[Item]:
    """Name the two axes where they meet."""
    bottom = down + shape.heading + shape.header
    lines = [
        " ".join([*wrapped(title, shape.left - 24, SMALL, most=1), arrow])
        for title, arrow in ((columns.title, "→"), (rows.title, "↓"))
    ]
    first = Words(shape.left - 8, 0, "", SMALL, "right", colour=GREY)
    return [*paragraph(lines, bottom - height_of(lines, SMALL) - 3, first)]


def _rows(rows: Axis, shape: _Shape, down: float) -> tuple[list[Item], list[tuple[str, float, float]], float]:
    """Give the names of rows and families, place and height of each row, and where the last one ends."""
    items: list[Item] = []
    places: list[tuple[str, float, float]] = []
    y = down + shape.heading + shape.header
    before = ""
    for name, title, family in rows.codes:
        if family != before and family:
            lines = wrapped(family, shape.left - 8, SMALL, bold=True)
            y += 5
            items += paragraph(lines, y, Words(0, 0, "", SMALL, bold=True, colour=GREY))
            y += height_of(lines, SMALL) + 2
        before = family
        lines = wrapped(title, shape.left - 12, NORMAL)
        tall = max(_TALL, height_of(lines, NORMAL) + 4)
        first = Words(shape.left - 8, 0, "", NORMAL, "right")
        items += paragraph(lines, y + (tall - height_of(lines, NORMAL)) / 2, first)
        places.append((name, y, tall))
        y += tall
    return items, places, y


def _panel(
    columns: Axis, panel: Panel, shape: _Shape, places: Sequence[tuple[str, float, float]], down: float
) -> list[Item]:
    across = shape.cell * len(columns.codes)
    items: list[Item] = list(paragraph(_heading(panel, across), down, Words(0, 0, "", NORMAL, bold=True)))
    bottom = down + shape.heading + shape.header
    for number, (code, title, _) in enumerate(columns.codes):
        x = shape.cell * number
        items += _title(title, x + shape.cell / 2, bottom, shape)
        for row, y, tall in places:
            items += _cell(panel.studies.get((row, code), 0), (x, y, shape.cell, tall), shape.most)
    return items


def _title(title: str, middle: float, bottom: float, shape: _Shape) -> list[Words]:
    if not shape.turned:
        lines = wrapped(title, shape.cell - 4, SMALL)
        top = bottom - 3 - height_of(lines, SMALL)
        return paragraph(lines, top, Words(middle, 0, "", SMALL, "center"))
    lines = _turned(title, shape.cell)
    first = middle + SMALL * MIDDLE - (len(lines) - 1) * SMALL * 0.65
    return [
        Words(first + SMALL * 1.3 * number, bottom - 4, line, SMALL, turned=True) for number, line in enumerate(lines)
    ]


def _cell(count: int, box: tuple[float, float, float, float], most: int) -> list[Item]:
    x, y, wide, tall = box
    fill = shade(count, most)
    colour = ink_on(fill) if count else GREY
    baseline = y + tall / 2 + NORMAL * MIDDLE
    return [
        Area(x, y, wide, tall, fill, edge=HAIRLINE),
        Words(x + wide / 2, baseline, f"{count:,}", NORMAL, "center", bold=bool(count), colour=colour),
    ]
