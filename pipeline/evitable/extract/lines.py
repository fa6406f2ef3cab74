"""Characters to printed lines.

Producers mostly write text in reading order, so the order of the content stream is the first signal; geometry decides
where a line ends, where words are parted, and which short pieces (bullets, section numbers) belong to the line beside
them.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise

from evitable.extract.characters import Char, CharPage

WORD_GAP = 0.15
"""Share of the type size from which a gap between two characters parts two words."""
PIECE_GAP = 1.3
"""Share of the type size from which a gap parts two pieces: table cells, a bullet and its text, two columns."""
MARKER_LENGTH = 6
_BULLETS = "•▪◦‣–—-*·o➢✓■□●○"


@dataclass(slots=True)
class PrintedLine:
    """One printed line, or a piece of one where a wide gap parts it.

    Attributes:
        page: Page index from 1.
        text: Its words, parted by single spaces.
        x0: Left edge in points; `top`, `x1` and `bottom` likewise, from the page's top left.
        size: Commonest type size.
        bold: Whether most characters are bold.
        upright: Whether it reads from left to right.
        follows: Whether it stands on the same baseline as the piece before it in the stream, to its right.
        cell: Whether it is one of several pieces on a baseline, as in a table.
    """

    page: int
    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool
    upright: bool
    follows: bool = False
    cell: bool = False

    @property
    def width(self) -> float:
        """Width in points."""
        return self.x1 - self.x0


@dataclass(slots=True)
class _Piece:
    chars: list[Char] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    x1: float = 0.0
    follows: bool = False


def printed_lines(page: CharPage) -> list[PrintedLine]:
    """Group a page's characters into lines, in stream order; rotated text is kept as lines that are not upright.

    A page without characters gives an empty list.
    """
    pieces: list[_Piece] = []
    spaced = False
    for char in page.chars:
        text = clean(char.text)
        if not text:
            spaced = spaced or bool(char.text)
            continue
        current = pieces[-1] if pieces else None
        if current is not None and _overprints(current, char):
            continue
        if current is None or not _continues(current, char):
            follows = current is not None and _same_baseline(current.chars[-1], char) and char.x0 >= current.x1
            pieces.append(_Piece(follows=follows))
            current = pieces[-1]
        elif spaced or char.x0 - current.x1 > WORD_GAP * char.size:
            current.text.append(" ")
        current.chars.append(char)
        current.text.append(text)
        current.x1 = max(current.x1, char.x1) if current.x1 else char.x1
        spaced = False
    return [_line(page.number, piece) for piece in pieces]


def clean(text: str) -> str:
    """Give the characters that a quote may hold: NFC, ligatures and presentation forms resolved, nothing invisible.

    Superscripts, fractions and other compatibility characters stay as they are printed. White space gives "".
    """
    if len(text) == 1 and "!" <= text <= "~":
        return text
    resolved = "".join(unicodedata.normalize("NFKC", c) if "\ufb00" <= c <= "\ufb06" else c for c in text)
    kept = (c for c in unicodedata.normalize("NFC", resolved) if not _invisible(c))
    return "".join(kept).replace("\u00ad", "-").replace("\u2010", "-").replace("\u2011", "-")


def _invisible(char: str) -> bool:
    return char.isspace() or (unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn"} and char != "\u00ad")


def _overprints(piece: _Piece, char: Char) -> bool:
    """Tell whether the character is printed a second time on its own place, as false bold is."""
    last = piece.chars[-1]
    return (
        char.text == last.text
        and last.x1 > last.x0
        and abs(char.x0 - last.x0) < 0.1 * char.size
        and abs(char.top - last.top) < 0.1 * char.size
    )


def _same_baseline(last: Char, char: Char) -> bool:
    overlap = min(last.bottom, char.bottom) - max(last.top, char.top)
    return overlap > 0.4 * min(last.bottom - last.top, char.bottom - char.top)


def _continues(piece: _Piece, char: Char) -> bool:
    last = piece.chars[-1]
    if last.upright != char.upright:
        return False
    if not char.upright:
        reach = 2 * max(last.size, char.size, char.x1 - char.x0)
        return abs(char.x0 - last.x0) < reach and abs(char.top - last.top) < reach
    size = max(last.size, char.size)
    return _same_baseline(last, char) and -0.7 * size <= char.x0 - piece.x1 <= PIECE_GAP * size


def _line(page: int, piece: _Piece) -> PrintedLine:
    chars = piece.chars
    sizes = Counter(round(char.size * 2) / 2 for char in chars)
    return PrintedLine(
        page=page,
        text="".join(piece.text),
        x0=min(char.x0 for char in chars),
        top=min(char.top for char in chars),
        x1=max(char.x1 for char in chars),
        bottom=max(char.bottom for char in chars),
        size=min(sizes, key=lambda size: (-sizes[size], size)),
        bold=sum(char.bold for char in chars) * 2 > len(chars),
        upright=sum(char.upright for char in chars) * 2 > len(chars),
        follows=piece.follows,
    )


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
    if len(found) < 5:
        return set()
    down = sorted(found, key=lambda item: item[1].top)
    rising = sum(int(b[1].text) > int(a[1].text) for a, b in pairwise(down))
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
    same_measure = abs(row[-1].x1 - line.x1) < 1.5 or abs(row[0].x0 - line.x0) < 1.5
    near = abs(row[0].bottom - line.bottom) < 3 * line.size
    return (
        same_measure
        and near
        and row[-1].x1 < line.x1 + 1.5
        and line.width > 15 * line.size
        and row[0].size == line.size
    )


def is_marker(text: str) -> bool:
    """Tell whether the text is a bullet, a section number or a list number: `•`, `2.1`, `a)`, `(iv)`."""
    bare = text.strip("().[]")
    if len(text) > MARKER_LENGTH or not text:
        return False
    parts = bare.split(".")
    number = all(part.isdecimal() and len(part) <= 2 for part in parts)
    return all(c in _BULLETS for c in text) or number or (len(bare) <= 3 and bare != text and bare.isalpha())


def _beside(before: PrintedLine, line: PrintedLine) -> PrintedLine:
    return PrintedLine(
        page=line.page,
        text=f"{before.text} {line.text}",
        x0=before.x0,
        top=min(before.top, line.top),
        x1=line.x1,
        bottom=max(before.bottom, line.bottom),
        size=line.size,
        bold=line.bold,
        upright=line.upright,
        follows=before.follows,
        cell=before.cell,
    )
