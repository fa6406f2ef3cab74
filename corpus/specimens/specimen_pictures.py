"""Tables and small pictures: boxes with arrows, or bars.

The labels of a picture come from its caption ("...: assembly, vote, upkeep") or, where that lists none, from PICTURES.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.graphics import renderPDF  # type: ignore[import-untyped, unused-ignore]
from reportlab.graphics.shapes import (  # type: ignore[import-untyped, unused-ignore]
    STATE_DEFAULTS,
    Drawing,
    Line,
    Polygon,
    Rect,
    String,
)
from reportlab.lib.colors import Color  # type: ignore[import-untyped, unused-ignore]
from specimen_flow import Row, height_of, stack, text_rows
from specimen_text import Figure, Table
from specimen_type import BLACK, FIRST_FONT, Canvas, Colour, Style, make_words, splits, width_of, word_width

STATE_DEFAULTS["fontName"] = FIRST_FONT
CHAINS = (("Invitation", "Joint workshop", "Agreed plan", "Shared review"),)
# (key, number of the figure) -> the boxes, row by row; what the text says of it, where the caption is too short
BOXES: dict[tuple[str, int], tuple[tuple[str, ...], ...]] = {
    ("moeller-2018", 1): (
        ("Blood sample", "Form", "Waiting", "Doctor", "Nurse"),
        ("Blood sample", "Topic cards", "Nurse", "Doctor joins", "Shared plan"),
    ),
    ("tremblay-2021", 1): (
        ("Observation at the river", "Entry in the app", "Check by a technician", "City database", "Annual assessment"),
    ),
    ("vandermeer-2016", 1): (
        ("Letters to 3,200 households", "111 replied", "66 attended the evening", "38 patrolled"),
    ),
}
# (key, number of the figure) -> the bars with their values, and the upper end of the scale
BARS: dict[tuple[str, int], tuple[tuple[tuple[str, float], ...], int]] = {
    ("figueiredo-2019", 1): (
        (("Reading in class", 31.0), ("School garden", 22.0), ("Both", 10.3), ("Neither", 57.3)),
        60,
    ),
    ("galbraith-2012", 1): ((("Before", 4.4), ("Year 1", 3.7), ("Year 2", 3.9), ("Year 3", 4.0)), 5),
}
CELL = 4.0  # white space left and right of a cell's text


@dataclass(frozen=True)
class TableLook:
    """How tables are ruled and coloured; ``grid`` draws a line below each row."""

    style: Style
    caption: Style
    grid: bool = False
    head_fill: Colour | None = None
    rule: Colour = BLACK
    pad: float = 2.2
    margin: float = 7.0


def caption_runs(word: str, number: int, caption: str, end: str = ".") -> list[tuple[str, str]]:
    """A caption with its number in bold, as "Table 1." or "Figure 1."."""
    closing = "" if caption.endswith((".", "?", "!")) else "."
    return [(f"{word} {number}{end} ", "bold"), (caption + closing, "regular")]


def natural_width(table: Table, style: Style) -> float:
    """The width that a table takes if no cell is broken."""
    return sum(max(_cell_width(cell, style) for cell in column) for column in zip(*table.rows, strict=True))


def _cell_width(text: str, style: Style) -> float:
    bold = replace(style, variant="bold")
    words = make_words(text, bold)
    return sum(word_width(word) for word in words) + width_of(" ", words[0][0].font, style.size) * len(words) + 2 * CELL


def _least_width(text: str, style: Style) -> float:
    """The width of the widest piece of a cell that cannot be broken."""
    widest = 0.0
    for word in make_words(text, replace(style, variant="bold")):
        ends = [(head, tail) for head, tail, _ in splits(word[0].text, hyphenate=False, ligatures=False)]
        first = ends[0] if ends else (word[0].text, "")
        widest = max(widest, *(width_of(part, word[0].font, word[0].size) for part in first))
    return widest + 2 * CELL + 1.0


def column_widths(table: Table, style: Style, width: float) -> list[float]:
    """Widths that add up to ``width``: what a column needs at least, the rest shared by how much text it holds."""
    columns = list(zip(*table.rows, strict=True))
    natural = [max(_cell_width(cell, style) for cell in column) for column in columns]
    if sum(natural) <= width:
        spare = (width - sum(natural)) / len(columns)
        return [one + spare for one in natural]
    least = [max(_least_width(cell, style) for cell in column) for column in columns]
    wanted = [one - low for one, low in zip(natural, least, strict=True)]
    spare = width - sum(least)
    return [low + spare * want / sum(wanted) for low, want in zip(least, wanted, strict=True)]


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[\d.,%€$£ –+<>=-]+|–|n/a", text) is not None


def table_row(table: Table, look: TableLook, width: float, end: str = ".") -> Row:
    """A table with its caption above, as one row."""
    caption = [
        row
        for row in text_rows(caption_runs("Table", table.number, table.caption, end), look.caption, width)
        if row.draw
    ]
    widths = column_widths(table, look.style, width)
    lines: list[tuple[float, list[list[Row]]]] = []
    for at, cells in enumerate(table.rows):
        parts: list[list[Row]] = []
        for column, (cell, cell_width) in enumerate(zip(cells, widths, strict=True)):
            numbers = column > 0 and all(_is_number(row[column]) for row in table.rows[1:])
            style = replace(look.style, variant="regular" if at else "bold", align="center" if numbers else "left")
            parts.append([row for row in text_rows(cell, style, cell_width - 2 * CELL) if row.draw])
        lines.append((max(height_of(part) for part in parts) + 2 * look.pad, parts))
    height = height_of(caption) + 4 + sum(tall for tall, _ in lines) + 2 * look.margin

    def draw(canvas: Canvas, x: float, top: float) -> None:
        placed, y = stack(caption, x, top - look.margin)
        for item in placed:
            assert item.row.draw is not None
            item.row.draw(canvas, item.x, item.top)
        _draw_cells(canvas, x, y - 4, lines, widths, look)

    return Row(height, draw, floats=True)


def _draw_cells(
    canvas: Canvas,
    x: float,
    top: float,
    lines: Sequence[tuple[float, list[list[Row]]]],
    widths: Sequence[float],
    look: TableLook,
) -> None:
    right = x + sum(widths)
    if look.head_fill:
        canvas.setFillColorRGB(*look.head_fill)
        canvas.rect(x, top - lines[0][0], right - x, lines[0][0], stroke=0, fill=1)
    canvas.setStrokeColorRGB(*look.rule)
    canvas.setLineWidth(0.9)
    canvas.line(x, top, right, top)
    for at, (tall, parts) in enumerate(lines):
        left = x + CELL
        for part, cell_width in zip(parts, widths, strict=True):
            for item in stack(part, left, top - look.pad)[0]:
                assert item.row.draw is not None
                item.row.draw(canvas, item.x, item.top)
            left += cell_width
        top -= tall
        if at in (0, len(lines) - 1) or look.grid:
            canvas.setLineWidth(0.9 if at == len(lines) - 1 else 0.4)
            canvas.line(x, top, right, top)


def labels_of(caption: str) -> tuple[str, ...]:
    """The labels that a caption lists after its colon ("...: assembly, vote, upkeep"), or none."""
    listed = caption.rstrip(".").rpartition(":")[2] if ":" in caption else ""
    parts = [part.strip() for part in re.split(r", | and |; ", listed) if part.strip()]
    if 3 <= len(parts) <= 7 and all(len(part) <= 34 for part in parts):
        return tuple(part[0].upper() + part[1:] for part in parts)
    return ()


def is_wide(figure: Figure, key: str) -> bool:
    """Whether a picture has so many boxes that one of two columns is too narrow for it."""
    place = key, figure.number
    chains = BOXES.get(place) or (labels_of(figure.caption),)
    return place not in BARS and max(len(chain) for chain in chains) > 3


def figure_row(figure: Figure, look: TableLook, width: float, accent: Colour, key: str, end: str = ".") -> Row:
    """A picture with its caption below, as one row; the same figure always gives the same picture."""
    runs = caption_runs("Figure", figure.number, figure.caption, end)
    caption = [row for row in text_rows(runs, look.caption, width) if row.draw]
    drawing = picture(figure, look.style, width, accent, key)
    height = drawing.height + 5 + height_of(caption) + 2 * look.margin

    def draw(canvas: Canvas, x: float, top: float) -> None:
        renderPDF.draw(drawing, canvas, x, top - look.margin - drawing.height)
        for item in stack(caption, x, top - look.margin - drawing.height - 5)[0]:
            assert item.row.draw is not None
            item.row.draw(canvas, item.x, item.top)

    return Row(height, draw, floats=True)


def picture(figure: Figure, style: Style, width: float, accent: Colour, key: str) -> Drawing:
    """The drawing for a figure of the text with this key."""
    place = key, figure.number
    if place in BARS:
        return _bars(*BARS[place], style, width, accent)
    labels = labels_of(figure.caption)
    chains = BOXES.get(place) or ((labels,) if labels else CHAINS)
    narrow = width / max(len(chain) for chain in chains) < 6.6 * style.size + 12
    if narrow and len(chains) == 1:
        middle = (len(chains[0]) + 1) // 2
        return _boxes((chains[0][:middle], chains[0][middle:]), style, width, accent, joined=True)
    cyclic = "round" in figure.caption.lower() or "cycle" in figure.caption.lower()
    return _boxes(chains, style, width, accent, cyclic=cyclic)


def _boxes(
    chains: Sequence[Sequence[str]],
    style: Style,
    width: float,
    accent: Colour,
    *,
    joined: bool = False,
    cyclic: bool = False,
) -> Drawing:
    """Rows of boxes with an arrow from each to the next.

    Args:
        chains: the labels, row by row.
        style: the type of the labels.
        width: the width of the picture.
        accent: the colour of the boxes.
        joined: the second row goes on from the first, and runs back to the left.
        cyclic: an arrow leads from the last box of the only row to the first.
    """
    across = max(len(chain) for chain in chains)
    gap = max(13.0, style.size * 1.8) if width > 300 else 12.0
    wide, tall, low = (width - gap * (across - 1)) / across, style.size * 4.2, 14.0 if cyclic else 2.0
    height = len(chains) * (tall + gap) - gap + low
    drawing = Drawing(width, height)
    for row, chain in enumerate(chains):
        y = height - tall - row * (tall + gap)
        back = joined and row == 1
        for place, label in enumerate(chain):
            x = (across - 1 - place if back else place) * (wide + gap)
            _box(drawing, (x, y, wide, tall), label, style, accent)
            if place + 1 < len(chain):
                ends = (x, x - gap) if back else (x + wide, x + wide + gap)
                _arrow(drawing, ends[0], y + tall / 2, ends[1], y + tall / 2)
            elif joined and row == 0:
                _arrow(drawing, x + wide / 2, y, x + wide / 2, y - gap)
    if cyclic:
        end, start = width - wide / 2, wide / 2
        drawing.add(Line(end, low, end, 5, strokeWidth=0.7))
        drawing.add(Line(end, 5, start, 5, strokeWidth=0.7))
        _arrow(drawing, start, 5, start, low)
    return drawing


def _box(drawing: Drawing, room: tuple[float, float, float, float], label: str, style: Style, accent: Colour) -> None:
    x, y, wide, tall = room
    pale = Color(*(1 - (1 - part) * 0.14 for part in accent))
    drawing.add(Rect(x, y, wide, tall, rx=3, ry=3, fillColor=pale, strokeColor=Color(*accent), strokeWidth=0.8))
    font, size = f"{style.family}-regular", style.size
    lines: list[str] = []
    for word in label.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(joined, font, size) <= wide - 6:
            lines[-1] = joined
        else:
            lines.append(word)
    widest = max(width_of(line, font, size) for line in lines)
    size *= min(1.0, (wide - 5) / widest, (tall - 4) / (len(lines) * size * 1.12))
    base = y + tall / 2 + (len(lines) - 1) * size * 0.56 - size * 0.34
    for at, line in enumerate(lines):
        text = String(x + wide / 2, base - at * size * 1.12, line, fontName=font, fontSize=size, textAnchor="middle")
        drawing.add(text)


def _arrow(drawing: Drawing, x0: float, y0: float, x1: float, y1: float) -> None:
    drawing.add(Line(x0, y0, x1, y1, strokeWidth=0.7))
    length = max(abs(x1 - x0), abs(y1 - y0))
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    back_x, back_y = x1 - 4.5 * dx, y1 - 4.5 * dy
    points = [x1, y1, back_x - 2.2 * dy, back_y + 2.2 * dx, back_x + 2.2 * dy, back_y - 2.2 * dx]
    drawing.add(Polygon(points, fillColor=Color(0, 0, 0), strokeWidth=0))


def _bars(bars: Sequence[tuple[str, float]], top: int, style: Style, width: float, accent: Colour) -> Drawing:
    font, size = f"{style.family}-regular", style.size * 0.95
    tall, foot, left = size * 9.5, size * 2.0, size * 2.2
    drawing = Drawing(width, tall + foot + size * 1.3)
    step = (width - left) / len(bars)
    for mark in range(0, top + 1, 20 if top > 10 else 1):
        y = foot + tall * mark / top
        drawing.add(Line(left, y, width, y, strokeColor=Color(0.75, 0.75, 0.75), strokeWidth=0.3))
        drawing.add(String(left - 4, y - size * 0.35, f"{mark}", fontName=font, fontSize=size, textAnchor="end"))
    for at, (label, value) in enumerate(bars):
        x, wide, high = left + step * (at + 0.22), step * 0.56, tall * value / top
        drawing.add(Rect(x, foot, wide, high, fillColor=Color(*accent), strokeColor=None))
        small = min(size, size * (step - 4) / width_of(label, font, size))
        middle = x + wide / 2
        drawing.add(String(middle, foot + high + 2, f"{value}", fontName=font, fontSize=size, textAnchor="middle"))
        drawing.add(String(middle, foot - size * 1.2, label, fontName=font, fontSize=small, textAnchor="middle"))
    drawing.add(Line(left, foot, width, foot, strokeWidth=0.6))
    return drawing
