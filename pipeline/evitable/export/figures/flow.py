"""The PRISMA 2020 flow diagram (Page et al. 2021), of new and of updated reviews, with and without other methods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from evitable.export.figures.colours import PALE
from evitable.export.figures.frame import Body, framed, height_of, paragraph
from evitable.export.figures.letters import MIDDLE, wrapped
from evitable.export.figures.picture import INK, NORMAL, Area, Item, Picture, Stroke, Words
from evitable.records import Prisma, PrismaBox, PrismaLine

_STRIP = 20.0
_ACROSS = 22.0
_BETWEEN = 20.0
_PREVIOUS = 128.0
_BOX = (190.0, 152.0)
"""Width of a box without and with other methods."""
_PADDING = 6.0
_HEADING = 30.0
_INDENT = 9.0
_WRONG = "#B23A00"
_PAIRS = ("previous", "included", "total")
"""Boxes of a number of studies and the number of their reports; in all others the lines are parts of the first."""
_ROWS = (
    ("previous", "identified", "removed", "other_identified"),
    ("screened", "excluded"),
    ("sought", "not_retrieved", "other_sought", "other_not_retrieved"),
    ("assessed", "excluded_reports", "other_assessed", "other_excluded_reports"),
    ("included",),
    ("total",),
)
_PHASES = (("Identification", 0, 0), ("Screening", 1, 3), ("Included", 4, 5))
"""Name, first row, last row."""
_LEAST = {0: 82.0, 4: 56.0}
"""Height of rows that the name of a phase must fit beside."""
_DOWN = (
    ("identified", "screened"),
    ("screened", "sought"),
    ("sought", "assessed"),
    ("assessed", "included"),
    ("included", "total"),
    ("other_identified", "other_sought"),
    ("other_sought", "other_assessed"),
)
_RIGHT = (
    ("identified", "removed"),
    ("screened", "excluded"),
    ("sought", "not_retrieved"),
    ("assessed", "excluded_reports"),
    ("other_sought", "other_not_retrieved"),
    ("other_assessed", "other_excluded_reports"),
)
_SIDES = frozenset(name for _, name in _RIGHT)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A box on the paper."""

    box: PrismaBox
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def flow_diagram(prisma: Prisma) -> Picture:
    """Draw the diagram.

    Args:
        prisma: Its boxes. A number that is not known is drawn as "not given"; sums that do not come out are named below
            the boxes.
    """
    placed, rows = _placed(prisma)
    width = max((box.x + box.width for box in placed.values()), default=380.0)
    height = max((box.bottom for box in placed.values()), default=0.0)
    wrong, height = _faults(prisma.faults, width, height)
    boxes = [item for box in placed.values() for item in _drawn(box)]
    arrows = [*_arrows(placed), *_bent_arrows(placed)]
    body = Body(width, height, (*_headings(prisma, placed), *_phases(rows), *arrows, *boxes, *wrong))
    derived = any(_marked(box, line) for box in prisma.boxes for line in box.lines)
    counted = "Numbers as given by the reviewers and as counted by the program"
    counted += "; † worked out from the numbers around it." if derived else "."
    kind = "an updated" if prisma.form == "updated" else "a new"
    note = "After Page MJ and others, The PRISMA 2020 statement, BMJ 2021;372:n71."
    return framed(f"PRISMA 2020 flow diagram of {kind} review", counted, body, [note])


def _marked(box: PrismaBox, line: PrismaLine) -> bool:
    """Tell whether a number is marked as worked out; a heading whose parts stand below it needs no mark."""
    heading = line is box.lines[0] and len(box.lines) > 1 and box.name not in _PAIRS
    return line.origin == "derived" and not heading


def _texts(box: PrismaBox, width: float) -> list[tuple[float, tuple[str, ...]]]:
    """Give each line of a box as its indent and what it is broken into."""
    texts = []
    for number, line in enumerate(box.lines):
        indent = _INDENT if number and box.name not in _PAIRS else 0.0
        room = width - 2 * _PADDING - indent
        count = "not given" if line.count is None else f"{line.count:,}{'†' if _marked(box, line) else ''}"
        # A long label is cut, the number never; nor does it break.
        label = " ".join(wrapped(line.label, room, NORMAL, most=5))
        number_text = f"(n = {count})".replace(" ", "\N{NO-BREAK SPACE}")
        texts.append((indent, wrapped(f"{label} {number_text}", room, NORMAL, most=8)))
    return texts


def _placed(prisma: Prisma) -> tuple[dict[str, _Placed], list[tuple[float, float]]]:
    """Place the boxes, row by row; give them by name, and upper and lower edge of each row that has any."""
    boxes = {box.name: box for box in prisma.boxes}
    columns = _columns(boxes)
    placed: dict[str, _Placed] = {}
    rows: list[tuple[float, float]] = []
    down = _HEADING + 8
    for number, names in enumerate(_ROWS):
        tall = 0.0
        for name in names:
            if name in boxes:
                x, width = columns[_column(name)]
                text = sum(height_of(lines, NORMAL) for _, lines in _texts(boxes[name], width))
                height = max(text + 2 * _PADDING, _LEAST.get(number, 0.0))
                placed[name] = _Placed(boxes[name], x, down, width, height)
                tall = max(tall, height)
        rows.append((down, down + tall))
        down = rows[-1][1] + (_BETWEEN if tall else 0.0)
    return placed, rows


def _columns(boxes: Mapping[str, PrismaBox]) -> dict[str, tuple[float, float]]:
    """Give left edge and width of each column of boxes."""
    other = any(name.startswith("other_") for name in boxes)
    columns: dict[str, tuple[float, float]] = {}
    x = _STRIP + 10
    for name, width in (("previous", _PREVIOUS), *((name, _BOX[other]) for name in ("main", "side", "other", "far"))):
        if (name == "previous" and "previous" not in boxes) or (name in ("other", "far") and not other):
            continue
        columns[name] = (x, width)
        x += width + _ACROSS
    return columns


def _column(name: str) -> str:
    if name == "previous":
        return name
    if name.startswith("other_"):
        return "far" if name in _SIDES else "other"
    return "side" if name in _SIDES else "main"


def _drawn(placed: _Placed) -> Iterator[Item]:
    yield Area(placed.x, placed.y, placed.width, placed.height, "#FFFFFF", edge=INK)
    texts = _texts(placed.box, placed.width)
    down = placed.y + (placed.height - sum(height_of(lines, NORMAL) for _, lines in texts)) / 2
    for indent, lines in texts:
        yield from paragraph(lines, down, Words(placed.x + _PADDING + indent, 0, "", NORMAL))
        down += height_of(lines, NORMAL)


def _headings(prisma: Prisma, placed: Mapping[str, _Placed]) -> Iterator[Item]:
    """Give the bands over the columns."""
    new = "new studies" if prisma.form == "updated" else "studies"
    for text, first, last in (
        ("Previous studies", "previous", "previous"),
        (f"Identification of {new} via databases and registers", "identified", "removed"),
        (f"Identification of {new} via other methods", "other_identified", "other_not_retrieved"),
    ):
        if first in placed and last in placed:
            left, right = placed[first].x, placed[last].x + placed[last].width
            yield Area(left, 0, right - left, _HEADING, PALE)
            lines = wrapped(text, right - left - 8, NORMAL, bold=True, most=2)
            top = (_HEADING - height_of(lines, NORMAL)) / 2
            yield from paragraph(lines, top, Words((left + right) / 2, 0, "", NORMAL, "center", bold=True))


def _phases(rows: Sequence[tuple[float, float]]) -> Iterator[Item]:
    """Give the strip at the left that names the phases."""
    for text, first, last in _PHASES:
        filled = [row for row in rows[first : last + 1] if row[1] > row[0]]
        if filled:
            top, bottom = filled[0][0], filled[-1][1]
            yield Area(0, top, _STRIP, bottom - top, PALE)
            middle = (top + bottom) / 2
            yield Words(_STRIP / 2 + NORMAL * MIDDLE, middle, text, NORMAL, "center", bold=True, turned=True)


def _arrows(placed: Mapping[str, _Placed]) -> Iterator[Stroke]:
    """Give the straight arrows: down a column, and to the box beside."""
    for start, end in _DOWN:
        if start in placed and end in placed:
            above, below = placed[start], placed[end]
            yield Stroke(((above.middle, above.bottom), (below.middle, below.y)), arrow=True)
    for start, end in _RIGHT:
        if start in placed and end in placed:
            left, right = placed[start], placed[end]
            y = left.y + min(left.height, right.height) / 2
            yield Stroke(((left.x + left.width, y), (right.x, y)), arrow=True)


def _bent_arrows(placed: Mapping[str, _Placed]) -> Iterator[Stroke]:
    """Give the arrows from the previous version to the total, and from other methods to the studies included."""
    for start, end in (("previous", "total"), ("other_assessed", "included")):
        if start in placed and end in placed:
            above, target = placed[start], placed[end]
            y = target.y + target.height / 2
            x = target.x if above.x < target.x else target.x + target.width
            yield Stroke(((above.middle, above.bottom), (above.middle, y), (x, y)), arrow=True)


def _faults(faults: Sequence[str], width: float, down: float) -> tuple[list[Item], float]:
    """Name the sums that do not come out, below the boxes; and say where they end."""
    items: list[Item] = []
    down += 10 if faults else 0
    for fault in faults:
        lines = wrapped(f"Does not add up: {fault}", width, NORMAL, bold=True, most=6)
        items += paragraph(lines, down, Words(0, 0, "", NORMAL, bold=True, colour=_WRONG))
        down += height_of(lines, NORMAL) + 2
    return items, down
