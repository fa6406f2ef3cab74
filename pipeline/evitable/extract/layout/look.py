"""What a whole paper looks like, against which its blocks are judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from evitable.extract.engines.characters import is_bold
from evitable.extract.layout.lines import PrintedLine
from evitable.records import headings


@dataclass(frozen=True, slots=True)
class Look:
    """What the whole paper looks like: type size and face of the body text, page heights by page."""

    body_size: float
    body_face: str
    heights: dict[int, float]

    @property
    def body_bold(self) -> bool:
        """Whether the body text is bold."""
        return is_bold(self.body_face)


def paper_look(lines: Sequence[PrintedLine], heights: dict[int, float]) -> Look:
    """Find the type of the body text: the size and face in which most characters of long lines are set.

    What stands behind the heading of the references is left out: in a review the list may be longer than the text.
    """
    heads = [index for index, line in enumerate(lines) if len(line.text) < 40 and headings.is_references(line.text)]
    lines = lines[: heads[-1]] if heads and heads[-1] > 0.25 * len(lines) else lines
    sizes: Counter[float] = Counter()
    faces: Counter[str] = Counter()
    for line in lines:
        if line.upright and not line.cell:
            weight = len(line.text) * (2 if len(line.text) > 30 else 1)
            sizes[line.size] += weight
            faces[line.face] += weight
    size = min(sizes, key=lambda size: (-sizes[size], size)) if sizes else 0.0
    face = min(faces, key=lambda face: (-faces[face], face)) if faces else ""
    return Look(size, face, heights)
