"""The PRISMA flow diagram as rows of boxes, readable without a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evitable.records import Prisma, PrismaBox

_ROWS = (
    ("Identification", ("previous", "", "", "")),
    ("Identification", ("identified", "removed", "other_identified", "")),
    ("Screening", ("screened", "excluded", "", "")),
    ("Screening", ("sought", "not_retrieved", "other_sought", "other_not_retrieved")),
    ("Screening", ("assessed", "excluded_reports", "other_assessed", "other_excluded_reports")),
    ("Included", ("included", "", "", "")),
    ("Included", ("total", "", "", "")),
)


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of the diagram: its stage, and (column from 0, box) for the boxes that stand in it."""

    stage: str
    boxes: tuple[tuple[int, PrismaBox], ...]


def flow_rows(prisma: Prisma) -> tuple[RowView, ...]:
    """Lay out the boxes: main column, what leaves it, other methods, what leaves these.

    Rows without a box are left out; a box of a name that is not known stands in a row of its own at the end.
    """
    boxes = {box.name: box for box in prisma.boxes}
    known = {name for _, names in _ROWS for name in names}
    rows = [RowView(stage, _boxes(names, boxes)) for stage, names in _ROWS]
    rows += [RowView("", ((0, box),)) for box in prisma.boxes if box.name not in known]
    return tuple(row for row in rows if row.boxes)


def _boxes(names: Sequence[str], boxes: dict[str, PrismaBox]) -> tuple[tuple[int, PrismaBox], ...]:
    return tuple((column, boxes[name]) for column, name in enumerate(names) if name in boxes)
