"""Printed lines to blocks (paragraphs, headings, captions), still in stream order."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from evitable.extract.engines.characters import is_bold
from evitable.extract.layout.lines import PrintedLine, in_capitals, is_marker
from evitable.records import headings

_SIZE_STEP = 0.045
"""Share by which type sizes must differ to part two blocks: 9.5 and 10 points are different, 10 and 10.1 are not."""
_AROUND = 12
"""Lines before and after in the stream by which a column's measure is judged."""
TERMINAL = (".", "!", "?", ":", ";", ".”", '."', ".)", ".’", "?”", "!”")


@dataclass(slots=True)
class RawBlock:
    """Lines that belong together, and what they look like; `run_in` for a heading on the line of its paragraph."""

    lines: list[PrintedLine]
    run_in: bool = False

    @property
    def text(self) -> str:
        """Its lines' text, one line each."""
        return "\n".join(line.text for line in self.lines)

    @property
    def running(self) -> str:
        """Its text on one line."""
        return " ".join(self.text.split())

    @property
    def size(self) -> float:
        """Type size of its longest line."""
        return max(self.lines, key=lambda line: len(line.text)).size

    @property
    def face(self) -> str:
        """Face of its longest line."""
        return max(self.lines, key=lambda line: len(line.text)).face

    @property
    def bold(self) -> bool:
        """Whether most of its characters are bold."""
        return sum(len(line.text) for line in self.lines if line.bold) * 2 > sum(len(line.text) for line in self.lines)

    @property
    def page(self) -> int:
        """Page on which it starts."""
        return self.lines[0].page


def group_blocks(lines: list[PrintedLine]) -> list[RawBlock]:
    """Group one page's upright lines into blocks. No lines give no blocks."""
    leading = _leadings(lines)
    edges = _right_edges(lines)
    blocks: list[RawBlock] = []
    for index, line in enumerate(lines):
        if blocks and not _breaks(blocks[-1], line, leading, edges[index - 1]):
            blocks[-1].lines.append(line)
        else:
            blocks.append(RawBlock([line]))
    return blocks


def _leadings(lines: list[PrintedLine]) -> dict[float, float]:
    """Give the usual distance from line to line by type size: the lower quartile, since gaps only make it longer."""
    distances: dict[float, list[float]] = defaultdict(list)
    for above, below in pairwise(lines):
        step = below.bottom - above.bottom
        if above.size == below.size and 0.8 * below.size < step < 3.2 * below.size and _share_column(above, below):
            distances[below.size].append(step)
    return {size: sorted(steps)[len(steps) // 4] for size, steps in distances.items()}


def _right_edges(lines: list[PrintedLine]) -> list[float]:
    """Give, for each line, where the column in which it stands ends on the right, judged by the lines around it."""
    return [
        max(
            (other.x1 for other in lines[max(0, index - _AROUND) : index + _AROUND + 1] if _same_margin(line, other)),
            default=line.x1,
        )
        for index, line in enumerate(lines)
    ]


def _same_margin(line: PrintedLine, other: PrintedLine) -> bool:
    return abs(other.x0 - line.x0) < 3 * line.size and other.size == line.size


def _share_column(above: PrintedLine, below: PrintedLine) -> bool:
    return min(above.x1, below.x1) - max(above.x0, below.x0) > 0.3 * min(above.width, below.width)


def _breaks(block: RawBlock, line: PrintedLine, leading: dict[float, float], right_edge: float) -> bool:
    """Tell whether the line starts a new block after this one."""
    last = block.lines[-1]
    if last.page != line.page or line.cell != last.cell:
        return True
    if line.cell:
        return not (line.follows or -0.2 * line.size < line.top - last.top < 4 * line.size)
    if len(block.lines) == 1 and (_heads(last, right_edge) or (in_capitals(last.text) and not in_capitals(line.text))):
        return True
    return (
        _apart(last, line, leading)
        or _looks_different(block, line, right_edge)
        or _new_paragraph(block, line, right_edge)
    )


def _apart(last: PrintedLine, line: PrintedLine, leading: dict[float, float]) -> bool:
    """Tell whether the line stands elsewhere: above, too far below, or in another column."""
    step = line.bottom - last.bottom
    usual = leading.get(line.size, 1.4 * line.size)
    return step < 0.5 * line.size or step > 1.3 * usual or not _share_column(last, line)


def _looks_different(block: RawBlock, line: PrintedLine, right_edge: float) -> bool:
    """Tell whether the line is set in another size, or is the first bold or plain one; a few letters decide nothing.

    Another face alone parts a short line in capitals and small letters from what it heads.
    """
    last = block.lines[-1]
    if len(line.text) <= 3:
        return False
    other_size = abs(line.size - last.size) > _SIZE_STEP * max(line.size, last.size) and len(last.text) > 3
    if other_size or (line.bold != _ends_bold(last) and len({_ends_bold(other) for other in block.lines}) == 1):
        return True
    uniform = len(block.lines) <= 2 and len({other.face for other in block.lines}) == 1
    short = right_edge - last.x1 > max(_first_word(line), 0.1 * (right_edge - last.x0))
    goes_on = last.lead > 0 or (line.lead > 0 and line.lead_face == last.face)
    return line.face != last.face and uniform and short and not goes_on and line.text[0].isupper()


def _ends_bold(line: PrintedLine) -> bool:
    """Tell whether a line is bold where it goes over into the next: behind a heading that runs in."""
    return is_bold(line.rest_face) if line.lead else line.bold


def _heads(line: PrintedLine, right_edge: float) -> bool:
    """Tell whether a first line is a heading in the type of the body: a usual name, or 2.1 and a few words."""
    if headings.is_plain_name(line.text) or (headings.is_back_matter(line.text) and len(line.text.split()) < 5):
        return True
    short = right_edge - line.x1 > 0.2 * (right_edge - line.x0)
    return short and headings.numbered_depth(line.text) > 1 and not line.text.endswith((".", ",", ";"))


def _new_paragraph(block: RawBlock, line: PrintedLine, right_edge: float) -> bool:
    last = block.lines[-1]
    indent = line.x0 - last.x0
    ended = last.text.endswith(TERMINAL)
    marker, first = line.text.split(" ", 1)[0], block.lines[0].text.split(" ", 1)[0]
    initial = len(marker) == 2 and marker[0].isupper() and marker[1] == "."
    short = right_edge - last.x1 > max(_first_word(line), 0.08 * (right_edge - last.x0))
    if is_marker(marker) and not initial:
        listed = is_marker(first) and _shape(marker) == _shape(first)
        apart = short or abs(indent) > 0.7 * line.size or not marker[0].isalnum()
        if (ended and apart and not marker.startswith("(")) or (ended and short) or listed:
            return True
    if ended and short:
        return True  # the next line's first word would have found room
    if indent > 0.7 * line.size and len(block.lines) > 1:  # first line of the next paragraph stands in
        return True
    if indent > 0.7 * line.size and ended and not is_marker(first):
        return True
    hangs = len(block.lines) > 1 and block.lines[1].x0 - block.lines[0].x0 > 0.7 * line.size
    return hangs and line.x0 - block.lines[0].x0 < 0.5 * line.size  # first line of the next reference stands out


def _shape(marker: str) -> str:
    """Give what the markers of one list share: `(1)` and `(12)` are alike, `3.1.` and `31` are not."""
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d+", "1", marker))


def _first_word(line: PrintedLine) -> float:
    """Give the width that the line's first word and a space take."""
    return (len(line.text.split(" ", 1)[0]) + 2) * line.width / max(1, len(line.text))
