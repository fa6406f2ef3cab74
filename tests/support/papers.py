"""Small PDFs, made on the spot: the same arguments give the same bytes."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

Printed = tuple[float, float, str]
"""Left edge and distance from the top in points, and the text."""
Frame = tuple[float, float, float]
"""A column to be filled: left edge, first and last baseline from the top, in points."""
Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points, or two corners as a file gives them."""
LETTERS = "SourceSerifPro-Regular"
"""A font with ligatures, accents and dotless letters, which the fonts that every reader has are without."""


@dataclass(frozen=True)
class Typed:
    """A piece of text at a place, and how it is set.

    Attributes:
        left: Left edge in points.
        top: Baseline, in points from the top.
        text: What it says.
        font: Its font.
        size: The size that the file says.
        spacing: Points by which each word space is wider.
        rise: Points above the baseline.
        matrix: Scale, turn and slant, as the file says them.
        mode: Render mode; 3 is invisible.
    """

    left: float
    top: float
    text: str
    font: str = "Times-Roman"
    size: float = 10
    spacing: float = 0
    rise: float = 0
    matrix: tuple[float, float, float, float] = (1, 0, 0, 1)
    mode: int = 0

    @property
    def right(self) -> float:
        """Right edge in points."""
        return self.left + self.matrix[0] * (width(self) + self.spacing * self.text.count(" "))


@dataclass(frozen=True)
class Paragraph:
    """Text to be set, with the words that lead it in another font, and its indents in points."""

    text: str
    font: str = "Times-Roman"
    size: float = 10
    lead: str = ""
    lead_font: str = "Times-Bold"
    first: float = 0
    indent: float = 0
    before: float = 6
    justified: bool = True


def printed_pdf(pages: Sequence[Sequence[Printed]], *, size: float = 10, title: str = "") -> bytes:
    """Print lines at given places, in the given order."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(title)
    for page in pages:
        canvas.setFont("Helvetica", size)
        for left, top, text in page:
            canvas.drawString(left, A4[1] - top, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(lines: Sequence[str], *, left: float = 72, top: float = 100, leading: float = 12) -> list[Printed]:
    """Set lines below each other."""
    return [(left, top + index * leading, line) for index, line in enumerate(lines)]


def paper_pdf(paragraphs: Sequence[str], *, measure: float = 400) -> bytes:
    """Set paragraphs one below the other, with a gap between them, over as many pages as they take."""
    pages: list[list[Printed]] = [[]]
    top = 80.0
    for paragraph in paragraphs:
        lines = simpleSplit(paragraph, "Helvetica", 10, measure)
        if top + 12 * len(lines) > 760:
            pages.append([])
            top = 80.0
        pages[-1] += column(lines, top=top)
        top += 12 * len(lines) + 14
    return printed_pdf(pages)


def typed_pdf(
    pages: Sequence[Sequence[Typed]],
    *,
    rotation: int = 0,
    crop: Box | None = None,
    form: bool = False,
) -> bytes:
    """Set pieces of text in the given order.

    Args:
        pages: The pieces of each page.
        rotation: Degrees by which each page is turned when it is shown; what stands on it is turned back.
        crop: What is shown of the page: left, top, right, bottom in points from its top left.
        form: Whether each page's text is in a form of its own, which the page shows.
    """
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    for number, page in enumerate(pages):
        canvas.setPageRotation(rotation)
        if crop is not None:
            canvas.setCropBox(_turned_back(crop, rotation))
        if form:
            canvas.beginForm(f"page{number}")
        _write(canvas, page, rotation)
        if form:
            canvas.endForm()
            canvas.doForm(f"page{number}")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _turned_back(box: Box, rotation: int) -> Box:
    """Give a part of the page as it is shown in the file's own units, from the bottom left."""
    (wide, high), (left, top, right, bottom) = A4, box
    return {
        0: (left, high - bottom, right, high - top),
        90: (top, left, bottom, right),
        180: (wide - right, top, wide - left, bottom),
        270: (high - bottom, wide - right, high - top, wide - left),
    }[rotation]


def _write(canvas: Canvas, pieces: Sequence[Typed], rotation: int) -> None:
    wide, high = A4
    turned_back = {90: (0, 1, -1, 0, high, 0), 180: (-1, 0, 0, -1, wide, high), 270: (0, -1, 1, 0, 0, wide)}
    if rotation:
        canvas.transform(*turned_back[rotation])
    for piece in pieces:
        _know(piece.font)
        text = canvas.beginText()
        text.setTextTransform(*piece.matrix, piece.left, high - piece.top)
        text.setFont(piece.font, piece.size)
        text.setWordSpace(piece.spacing)
        text.setRise(piece.rise)
        text.setTextRenderMode(piece.mode)
        text.textOut(piece.text)
        canvas.drawText(text)


def _know(font: str) -> None:
    if font == LETTERS and font not in pdfmetrics.getRegisteredFontNames():
        package = resources.files("font_source_serif_pro")
        pdfmetrics.registerFont(TTFont(font, str(package / "files" / f"{font}.ttf")))


def width(piece: Typed) -> float:
    """Give the width of a piece whose words stand at their usual distance."""
    _know(piece.font)
    return pdfmetrics.stringWidth(piece.text, piece.font, piece.size)


def flowed(
    paragraphs: Sequence[str | Paragraph], frames: Sequence[Frame], *, measure: float = 225, leading: float = 1.2
) -> list[list[Typed]]:
    """Set paragraphs into columns, each line as one piece (two where a lead stands in another font).

    Args:
        paragraphs: Plain ones are set in 10 points, with first lines that stand in.
        frames: The columns, in the order in which they are filled; the last one takes all that is left.
        measure: Width of a column in points.
        leading: Distance of lines as a share of the type size.

    Returns:
        The pieces of each column.
    """
    filled: list[list[Typed]] = [[] for _ in frames]
    at, (left, top, bottom) = 0, frames[0]
    for given in paragraphs:
        paragraph = Paragraph(given, first=12, before=0) if isinstance(given, str) else given
        top += paragraph.before if filled[at] else 0
        for line in _lines(paragraph, measure):
            if top > bottom and at + 1 < len(frames):
                at += 1
                left, top, bottom = frames[at]
            filled[at] += [replace(piece, left=left + piece.left, top=top) for piece in line]
            top += leading * paragraph.size
    return filled


def _lines(paragraph: Paragraph, measure: float) -> Iterator[list[Typed]]:
    """Give a paragraph's lines at the left edge of their column."""
    first = Typed(paragraph.indent + paragraph.first, 0, paragraph.lead, paragraph.lead_font, paragraph.size)
    pieces = [first] if paragraph.lead else []
    left = first.right + 3 if paragraph.lead else first.left
    words = paragraph.text.split()
    while words:
        line = Typed(left, 0, words.pop(0), paragraph.font, paragraph.size)
        while words and left + width(longer := replace(line, text=f"{line.text} {words[0]}")) <= measure:
            line = longer
            words.pop(0)
        gaps = line.text.count(" ") if words and paragraph.justified else 0
        yield [*pieces, replace(line, spacing=(measure - line.right) / gaps if gaps else 0)]
        pieces, left = [], paragraph.indent


def on_one_page(paragraphs: Sequence[str | Paragraph], *, top: float = 80, measure: float = 400) -> list[Typed]:
    """Set paragraphs one below the other."""
    return flowed(paragraphs, [(72, top, 10_000)], measure=measure)[0]


def words_apart(pieces: Sequence[Typed]) -> list[Typed]:
    """Set each word by itself, with no space character between."""
    return [word for piece in pieces for word in _parts(piece, piece.text.split(" "), " ")]


def letters_apart(pieces: Sequence[Typed]) -> list[Typed]:
    """Set each letter by itself, with no space character between."""
    return [letter for word in words_apart(pieces) for letter in _parts(word, list(word.text), "")]


def _parts(piece: Typed, texts: Sequence[str], between: str) -> Iterator[Typed]:
    left = piece.left
    for text in texts:
        part = replace(piece, left=left, text=text, spacing=0)
        yield part
        left = replace(part, text=text + between, spacing=piece.spacing).right


def shuffled(pieces: Sequence[Typed]) -> list[Typed]:
    """Give the pieces in another order: always the same one."""
    return random.Random(7).sample(list(pieces), len(pieces))


def row_by_row(pieces: Sequence[Typed]) -> list[Typed]:
    """Give the pieces from the top down, and from left to right over all columns."""
    return sorted(pieces, key=lambda piece: (piece.top, piece.left))


def cells(rows: Sequence[Sequence[str]], lefts: Sequence[float], *, top: float, size: float = 9) -> list[Typed]:
    """Set the cells of a table, row by row; an empty one is left out."""
    return [
        Typed(left, top + 12 * index, text, size=size)
        for index, row in enumerate(rows)
        for left, text in zip(lefts, row, strict=True)
        if text
    ]
