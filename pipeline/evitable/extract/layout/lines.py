"""Characters to printed lines.

Producers mostly write text in reading order, so the order of the content stream is the first signal; geometry decides
where a line ends, where words are parted, and which short pieces (bullets, section numbers) belong to the line beside
them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from evitable.extract.engines.characters import Characters, CharPage, Flags, Floats, is_bold
from evitable.extract.layout.letters import letters

WORD_GAP = 0.15
"""Share of the type size from which a gap between two characters parts two words."""
PIECE_GAP = 1.3
"""Share of the type size from which a gap parts two pieces: table cells, a bullet and its text, two columns."""
MARKER_LENGTH = 6
Indices = NDArray[np.int64]
_BULLETS = "•▪◦‣–—-*·o➢✓■□●○"


@dataclass(slots=True)
class PrintedLine:
    """One printed line, or a piece of one where a wide gap parts it.

    Attributes:
        page: Page index from 1.
        text: Its words, parted by single spaces.
        x0: Left edge in points; `top`, `x1` and `bottom` likewise, from the page's top left.
        size: Commonest type size.
        face: Commonest typeface.
        bold: Whether that is bold.
        upright: Whether it reads from left to right.
        follows: Whether it stands on the same baseline as the piece before it in the stream, to its right.
        cell: Whether it is one of several pieces on a baseline, as in a table.
        lead: Code points at its start that are set in another face than the rest; 0 for none.
        lead_end: Right edge of those, in points.
        lead_face: Their face.
        rest_face: Commonest face of what stands behind them.
    """

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    face: str
    upright: bool
    follows: bool = False
    cell: bool = False
    lead: int = 0
    lead_end: float = 0.0
    lead_face: str = ""
    rest_face: str = ""

    @property
    def bold(self) -> bool:
        """Whether its commonest face is bold."""
        return is_bold(self.face)

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0


def printed_lines(page: CharPage) -> list[PrintedLine]:
    """Group a page's characters into lines, in stream order; rotated text is kept as lines that are not upright.

    A page without characters gives an empty list.
    """
    chars, spaced = letters(page.chars)
    if not chars.text:
        return []
    level, gap = _same_baseline(chars), _gaps(chars)
    begins = ~_continues(chars, level, gap)
    begins[0] = True
    words = ~begins & (spaced | ((gap > WORD_GAP * chars.size) & ~_drop_cap(chars)))
    text = list(chars.text)
    for index in np.flatnonzero(words).tolist():
        text[index] = f" {text[index]}"
    follows = level & (gap >= 0)
    follows[0] = False
    starts = np.flatnonzero(begins)
    return _lines(page, chars, text, starts, follows[starts])


def _gaps(chars: Characters) -> Floats:
    """Give the distance from each character back to the one before it; 0 for the first."""
    before = np.concatenate([chars.x1[:1], chars.x1[:-2]]) if len(chars.text) > 1 else chars.x1[:0]
    within = (before > chars.x1[:-1]) & (before < chars.x1[:-1] + 0.3 * chars.size[:-1])  # an accent stood between
    ends = np.where(within, before, chars.x1[:-1])
    return np.concatenate([[0.0], chars.x0[1:] - ends])


def _same_baseline(chars: Characters) -> Flags:
    height = chars.bottom - chars.top
    overlap = np.minimum(chars.bottom[1:], chars.bottom[:-1]) - np.maximum(chars.top[1:], chars.top[:-1])
    return np.concatenate([[False], overlap > 0.4 * np.minimum(height[1:], height[:-1])])


def _continues(chars: Characters, level: Flags, gap: Floats) -> Flags:
    """Tell of each character whether it stands in one line with the one before."""
    before = np.roll(chars.size, 1)
    size = np.maximum(chars.size, before)
    both = chars.upright & np.roll(chars.upright, 1)
    neither = ~chars.upright & ~np.roll(chars.upright, 1)
    rise = np.abs(np.diff(chars.top, prepend=0))
    raised = (rise < 0.8 * size) & (np.abs(gap) < 0.35 * size)  # a superscript, however high its box
    apart = (gap > 0.6 * size) & (np.minimum(chars.size, before) < 0.75 * size)  # a line number in the margin
    reach = 2 * np.maximum(size, chars.x1 - chars.x0)
    near = (np.abs(np.diff(chars.x0, prepend=0)) < reach) & (rise < reach)
    within = level & (gap >= -0.7 * size) & (gap <= PIECE_GAP * size) & ~apart
    return (both & (within | raised)) | (neither & near)


def _drop_cap(chars: Characters) -> Flags:
    """Tell of each character whether it follows a drop cap, to whose word it belongs."""
    before = np.roll(chars.size, 1)
    letter = np.fromiter((text[0].isalpha() for text in chars.text), dtype=np.bool_, count=len(chars.text))
    return letter & (before > 1.9 * chars.size) & (np.roll(chars.size, 2) < 0.9 * before)


def _lines(page: CharPage, chars: Characters, text: list[str], starts: Indices, follows: Flags) -> list[PrintedLine]:
    """Make the lines that begin at these characters."""
    half_points = np.round(chars.size * 2).astype(np.int64)
    x0, x1 = np.minimum.reduceat(chars.x0, starts), np.maximum.reduceat(chars.x1, starts)
    top, bottom = np.minimum.reduceat(chars.top, starts), np.maximum.reduceat(chars.bottom, starts)
    upright = np.add.reduceat(chars.upright.astype(np.int64), starts)
    ends = [*starts[1:].tolist(), len(text)]
    rows = zip(starts.tolist(), ends, x0.tolist(), top.tolist(), x1.tolist(), bottom.tolist(), strict=True)
    lines = []
    for index, (start, end, left, high, right, low) in enumerate(rows):
        line = PrintedLine(
            page=page.number,
            text=_composed(text[start:end]),
            x0=left,
            top=high,
            x1=right,
            bottom=low,
            size=_size(half_points[start:end], text[start:end]),
            face=page.faces[_commonest(chars.face[start:end])],
            upright=bool(upright[index] * 2 > end - start),
            follows=bool(follows[index]),
        )
        lead = _lead(chars.face[start:end], chars.text[start:end])
        if lead:
            line.lead, line.lead_end = len(_composed(text[start : start + lead])), float(chars.x1[start + lead - 1])
            line.lead_face = page.faces[int(chars.face[start + lead - 1])]
            line.rest_face = page.faces[_commonest(chars.face[start + lead : end])]
        lines.append(line)
    return lines


def _size(half_points: Indices, text: list[str]) -> float:
    """Give a line's type size in points: the commonest, or that of the initials of small capitals."""
    size = _commonest(half_points)
    first = int(half_points[0])
    small_capitals = size < first < 1.6 * size and "".join(text).isupper()
    return (first if small_capitals else size) / 2


def _composed(text: list[str]) -> str:
    joined = "".join(text)
    return joined if joined.isascii() else unicodedata.normalize("NFC", joined)


def _lead(faces: Indices, text: list[str]) -> int:
    """Give how many characters at the start are set in another face than those behind them; 0 for none.

    A number before them may be set in any face.
    """
    if faces[0] == faces[-1] and (faces == faces[0]).all():
        return 0
    changes = (np.flatnonzero(np.diff(faces)) + 1).tolist()
    numbered = not any(c[0].isalpha() for c in text[: changes[0]])
    return int(changes[1] if numbered and len(changes) > 1 else 0 if numbered else changes[0])


def _commonest(values: Indices) -> int:
    """Give the commonest value, the least of equals."""
    if values[0] == values[-1] and (values == values[0]).all():
        return int(values[0])
    found, counts = np.unique(values, return_counts=True)
    return int(found[np.argmax(counts)])


def margin_numbers(lines: list[PrintedLine]) -> set[int]:
    """Find a manuscript's line numbers: the indices of lines that count up in a margin of one page.

    Args:
        lines: One page's lines, in stream order.
    """
    words = [line for line in lines if line.upright and len(line.text) > 25]
    if not words:
        return set()
    left, right = min(line.x0 for line in words), max(line.x1 for line in words)
    found = [
        (index, line)
        for index, line in enumerate(lines)
        if line.upright
        and line.text.isdecimal()
        and len(line.text) <= 4
        and (line.x1 <= left + 1 or line.x0 >= right - 1)
    ]
    down = sorted(found, key=lambda item: item[1].top)
    steps = {int(below[1].text) - int(above[1].text) for above, below in pairwise(down)}
    fives = len(down) > 1 and steps == {5} and int(down[0][1].text) % 5 == 0  # every fifth line is numbered
    if len(down) < 5 and not fives:
        return set()
    rising = sum(int(below[1].text) > int(above[1].text) for above, below in pairwise(down))
    return {index for index, _ in found} if rising >= 0.8 * (len(down) - 1) else set()


def join_markers(lines: list[PrintedLine]) -> list[PrintedLine]:
    """Put a bullet or a section number before the text beside it, and mark the other pieces of a baseline as cells.

    A row of pieces between ordinary lines of the same column is a justified line with very wide gaps, and is joined.
    """
    rows: list[list[PrintedLine]] = []
    for line in lines:
        before = rows[-1][-1] if rows else None
        if before is None or not line.follows or before.page != line.page:
            rows.append([line])
        elif is_marker(before.text) and line.x0 - before.x1 < 5 * line.size:
            rows[-1][-1] = _beside(before, line)
        else:
            rows[-1].append(line)
    joined: list[PrintedLine] = []
    for index, row in enumerate(rows):
        neighbours = rows[max(0, index - 1) : index] + rows[index + 1 : index + 2]
        if len(row) > 1 and any(_justified(row, other[0]) for other in neighbours if len(other) == 1):
            joined.append(reduce(_beside, row))
            continue
        for line in row:
            line.cell = len(row) > 1
        joined += row
    return joined


def _justified(row: list[PrintedLine], line: PrintedLine) -> bool:
    """Tell whether the row fills the same measure as the ordinary line above or below it."""
    near = abs(row[0].bottom - line.bottom) < 3 * line.size and row[0].size == line.size
    ends_with = abs(row[-1].x1 - line.x1) < 1.5
    begins_with = abs(row[0].x0 - line.x0) < 1.5
    return near and ends_with and line.width > (6 if begins_with else 15) * line.size


def in_capitals(text: str) -> bool:
    """Tell whether a text of more than three letters is all in capitals."""
    return text.isupper() and sum(c.isalpha() for c in text) > 3


def is_marker(text: str) -> bool:
    """Tell whether the text is a bullet, a section number or a list number: `•`, `2.1`, `a)`, `(iv)`."""
    bare = text.strip("().[]")
    if len(text) > MARKER_LENGTH or not text or text.count("(") > text.count(")"):
        return False
    parts = bare.split(".")
    number = all(part.isdecimal() and len(part) <= 2 for part in parts)
    lettered = (
        bare != text and (len(bare) == 1 or (len(bare) <= 4 and set(bare.lower()) <= set("ivx"))) and bare.isalpha()
    )
    return all(c in _BULLETS for c in text) or number or lettered


def _beside(before: PrintedLine, line: PrintedLine) -> PrintedLine:
    return PrintedLine(
        page=line.page,
        text=f"{before.text} {line.text}",
        x0=before.x0,
        top=min(before.top, line.top),
        x1=line.x1,
        bottom=max(before.bottom, line.bottom),
        size=line.size,
        face=line.face,
        upright=line.upright,
        follows=before.follows,
        cell=before.cell,
        lead=len(before.text) + 1 + line.lead if line.lead else 0,
        lead_end=line.lead_end,
        lead_face=line.lead_face,
        rest_face=line.rest_face,
    )
