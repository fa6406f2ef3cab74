"""pdfminer.six as the engine: characters straight from its interpreter, without its layout analysis."""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import pdfminer
from pdfminer.ascii85 import ascii85decode
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import (
    PDFDocument,
    PDFEncryptionError,
    PDFNoPageLabels,
    PDFPasswordIncorrect,
    PDFXRefFallback,
)
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager, PDFTextState
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import LITERALS_ASCII85_DECODE, LITERALS_FLATE_DECODE, PDFException, PDFStream, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import Matrix, Point, Rect, apply_matrix_pt, decode_text, mult_matrix

from evitable.extract.engines.characters import (
    CharacterBuffer,
    CharPage,
    Limits,
    OpenedPdf,
    damaged,
    encrypted,
    face_name,
    refuse_more,
    refuse_non_pdf,
)
from evitable.extract.engines.content import TextInterpreter
from evitable.extract.engines.symbols import free_code, symbol

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings name no paper and mean nothing to a reviewer

ENGINE = f"pdfminer.six {pdfminer.__version__}"
_PIECE = 1 << 20
_MIN_STREAM = 64
"""Bytes of a compressed page from which it must hold something."""

DAMAGE = (
    PSException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    NotImplementedError,
    OSError,
    struct.error,
    zlib.error,
)
"""What pdfminer raises on a damaged PDF."""


class _Document(PDFDocument):
    """A document whose page labels are left out where they make no sense."""

    def get_page_labels(self) -> Iterator[str]:
        with contextlib.suppress(*DAMAGE):
            yield from super().get_page_labels()
        yield from itertools.repeat("")


def open_pdf(data: bytes, limits: Limits = Limits()) -> OpenedPdf:  # noqa: B008 - a frozen tuple
    """Open a PDF for reading character by character.

    Args:
        data: The file's bytes.
        limits: How much it may hold.

    Raises:
        ItemError: Empty, not a PDF, encrypted, damaged, or with too many objects. What is wrong further in is raised
            by `pages`.
    """
    refuse_non_pdf(data)
    try:
        document = _Document(PDFParser(io.BytesIO(data)), caching=True)
        named = itertools.chain.from_iterable(xref.get_objids() for xref in document.xrefs)
        refuse_more(limits, objects=sum(1 for _ in itertools.islice(named, limits.objects + 1)))
        rebuilt = any(isinstance(xref, PDFXRefFallback) for xref in document.xrefs)
        pages, counted = _pages(document, limits), _counted(document)
        return OpenedPdf(ENGINE, _info(document), pages, counted, _wrapper(document), rebuilt=rebuilt)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise encrypted() from error
    except DAMAGE as error:
        raise damaged("The PDF is damaged and cannot be opened.") from error


def _info(document: PDFDocument) -> dict[str, str]:
    values: dict[str, str] = {}
    for dictionary in document.info:
        for key, value in dictionary.items():
            raw = resolve1(value)
            if isinstance(raw, bytes):
                values[str(key)] = decode_text(raw).strip()
    return values


def _counted(document: PDFDocument) -> int:
    """Give the number of pages that the file says it has; 0 where it does not say."""
    with contextlib.suppress(*DAMAGE):
        count = resolve1(resolve1(document.catalog["Pages"])["Count"])
        return count if isinstance(count, int) else 0
    return 0


def _pages(document: PDFDocument, limits: Limits) -> Iterator[CharPage]:
    try:
        yield from _read_pages(document, limits)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise encrypted() from error
    except DAMAGE as error:
        raise damaged("The PDF is damaged and cannot be read to its end.") from error


def _read_pages(document: PDFDocument, limits: Limits) -> Iterator[CharPage]:
    resources = PDFResourceManager(caching=True)
    device = _CharDevice(resources, limits)
    interpreter = TextInterpreter(resources, device)
    for number, page in enumerate(_distinct(PDFPage.create_pages(document)), start=1):
        refuse_more(limits, pages=number)
        _check_content(page, number)
        page.mediabox = _seen(page)
        interpreter.process_page(page)
        width, height = device.width, device.height
        yield CharPage(
            number, _label(page, number), width, height, device.buffer.characters(width, height), device.buffer.faces
        )


def _distinct(pages: Iterator[PDFPage]) -> Iterator[PDFPage]:
    """Give each page once: where the page tree is lost, pdfminer may find a page in two tables of objects."""
    found = set()
    for page in pages:
        if page.pageid not in found:
            found.add(page.pageid)
            yield page


def _seen(page: PDFPage) -> Rect:
    """Give the part of a page that is seen: what its crop box leaves of its media box."""
    (ax0, ay0, ax1, ay1), (bx0, by0, bx1, by1) = page.mediabox, page.cropbox
    x0, y0, x1, y1 = max(ax0, bx0), max(ay0, by0), min(ax1, bx1), min(ay1, by1)
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else page.mediabox


def _wrapper(document: PDFDocument) -> str:
    """Tell what the PDF is if not a paper: a portfolio of other files, or a form that another program fills."""
    with contextlib.suppress(*DAMAGE):
        if "Collection" in document.catalog:
            return "portfolio"
        form = resolve1(document.catalog.get("AcroForm"))
        if isinstance(form, dict) and "XFA" in form:
            return "form"
    return ""


def _check_content(page: PDFPage, number: int) -> None:
    """Refuse a page whose text cannot be decompressed to its end: pdfminer would lose the rest in silence."""
    for content in page.contents:
        stream = resolve1(content)
        raw = getattr(stream, "rawdata", None) or b""
        if isinstance(stream, PDFStream) and _is_torn(stream, raw):
            raise damaged(f"The text of page {number} is damaged.")
        if len(raw) > _MIN_STREAM and not stream.get_data():
            raise damaged(f"The text of page {number} is damaged and cannot be read.")


def _is_torn(stream: PDFStream, raw: bytes) -> bool:
    """Tell whether a compressed stream breaks off, or fails its checksum; one without a checksum is no matter."""
    filters = [name for name, _ in stream.get_filters()] if raw and stream.decipher is None else []
    if len(filters) == 2 and filters[0] in LITERALS_ASCII85_DECODE:
        raw, filters = ascii85decode(raw), filters[1:]
    if len(filters) != 1 or filters[0] not in LITERALS_FLATE_DECODE:
        return False
    packed, rest, check = zlib.decompressobj(-zlib.MAX_WBITS), raw[2:], 1
    try:
        while rest and not packed.eof:
            check = zlib.adler32(packed.decompress(rest, _PIECE), check)
            rest = packed.unconsumed_tail
    except zlib.error:
        return True
    said = packed.unused_data[:4]
    return not packed.eof or (len(said) == 4 and int.from_bytes(said, "big") != check)


def page_labels(data: bytes, pages: int) -> list[str]:
    """Give the labels that the file gives its first pages; empty texts where it gives none or cannot be opened."""
    with contextlib.suppress(*DAMAGE):
        return list(itertools.islice(_Document(PDFParser(io.BytesIO(data)), caching=True).get_page_labels(), pages))
    return [""] * pages


def _label(page: PDFPage, number: int) -> str:
    try:
        return page.label or str(number)
    except (PDFNoPageLabels, PDFException, ValueError, TypeError):
        return str(number)


class _Font:
    """What a font says of its characters, read once for each."""

    def __init__(self, font: PDFFont) -> None:
        self.font = font  # kept, so that no other font gets its identity
        self.face = face_name(str(font.fontname))
        self.symbolic = not self.font.is_multibyte() and getattr(font, "unicode_map", None) is None
        self.descent = float(font.get_descent())
        self.known: dict[int, tuple[str, float]] = {}

    def look_up(self, cid: int) -> tuple[str, float]:
        """Give a character's text, and its width as a share of the type size."""
        text = symbol(self.face, cid) if self.symbolic else ""
        if not text:
            try:
                text = self.font.to_unichr(cid)
            except PDFUnicodeNotDefined:
                text = "\ufffd" if self.font.is_multibyte() else free_code(cid)
        width = float(self.font.char_width(cid))
        if text in {"", "\0"} and (width > 0 or 0x20 < cid < 0x7F):
            text = "\ufffd"  # a letter that its font does not name
        found = self.known[cid] = (text, width)
        return found


class _CharDevice(PDFTextDevice):
    """Collects the characters of one page; draws nothing and analyses nothing."""

    def __init__(self, resources: PDFResourceManager, limits: Limits) -> None:
        super().__init__(resources)
        self.buffer = CharacterBuffer()
        self.width = self.height = 0.0
        self._fonts: dict[int, _Font] = {}
        self._limits = limits
        self._before = 0

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        x0, y0, x1, y1 = page.mediabox
        (ax, ay), (bx, by) = apply_matrix_pt(ctm, (x0, y0)), apply_matrix_pt(ctm, (x1, y1))
        self.width, self.height = abs(bx - ax), abs(by - ay)
        self._before += len(self.buffer.text)
        self.buffer = CharacterBuffer()

    def render_string(self, textstate: PDFTextState, seq: Any, ncs: Any, graphicstate: Any) -> None:  # noqa: ARG002
        font = textstate.font
        if font is None or self.ctm is None:
            return
        refuse_more(self._limits, characters=self._before + len(self.buffer.text))
        known = self._fonts.get(id(font))
        if known is None:
            known = self._fonts[id(font)] = _Font(font)
        textstate.linematrix = self._place(textstate, known, mult_matrix(textstate.matrix, self.ctm), seq)

    def _place(self, state: PDFTextState, font: _Font, matrix: Matrix, seq: Sequence[Any]) -> Point:
        """Place the characters of a string, and give where the next one begins (PDF 32000-1:2008, 9.4.4)."""
        (x, y), size = state.linematrix, state.fontsize
        scaling = state.scaling * 0.01
        vertical, multibyte = font.font.is_vertical(), font.font.is_multibyte()
        wordspace = 0.0 if multibyte else state.wordspace * scaling
        charspace, unit = state.charspace * scaling, size * scaling
        aligned = not vertical and matrix[1] == 0 == matrix[2]
        if aligned:
            self._begin_run(font, matrix, state, y)
        a, e = matrix[0], matrix[4]
        text, x0, x1, known = self.buffer.text, self.buffer.x0, self.buffer.x1, font.known
        spaced = False
        for item in seq:
            if not isinstance(item, bytes):
                shift = item * 0.001 * unit if isinstance(item, (int, float)) else 0.0
                x, y = (x, y - shift) if vertical else (x - shift, y)
                spaced = True
                continue
            for cid in font.font.decode(item):
                found = known.get(cid) or font.look_up(cid)
                gap = charspace if spaced else 0.0
                spaced = True
                advance = found[1] * unit
                if aligned:
                    x += gap
                    left = e + a * x
                    text.append(found[0])
                    x0.append(left)
                    x1.append(left + a * advance)
                    x += advance
                else:
                    x, y = (x, y + gap) if vertical else (x + gap, y)
                    self._turned(found[0], advance, font, matrix, state, (x, y))
                    x, y = (x, y + advance) if vertical else (x + advance, y)
                if cid == 32:
                    x, y = (x, y + wordspace) if vertical else (x + wordspace, y)
        return x, y

    def _begin_run(self, font: _Font, matrix: Matrix, state: PDFTextState, y: float) -> None:
        """Begin a run of characters that stand level."""
        a, _, _, d, _, f = matrix
        size = state.fontsize
        foot = f + d * (y + font.descent * size + state.rise)
        upright = a * size * state.scaling > 0 and d * size > 0
        high = d * size
        self.buffer.run(self.height - foot, self.height - foot - high, abs(high), font.face, upright=upright)

    def _turned(
        self, text: str, advance: float, font: _Font, matrix: Matrix, state: PDFTextState, place: Point
    ) -> None:
        """Place one character that is turned, slanted or set from top to bottom."""
        a, b, c, d, _, _ = matrix
        size, (x, y) = state.fontsize, place
        foot = font.descent * size + state.rise
        (ax, ay), (bx, by) = (
            apply_matrix_pt(matrix, (x, y + foot)),
            apply_matrix_pt(matrix, (x + advance, y + foot + size)),
        )
        level = abs(b) < abs(a) * 0.1 and abs(c) < abs(d) * 0.5  # slanted type is upright
        upright = level and a * size * state.scaling > 0 and d * size > 0 and not font.font.is_vertical()
        if upright:
            ax, bx = ax - c * foot, bx - c * (foot + size)  # where it stands on its line
        high = abs(by - ay) if upright else abs(size) * math.hypot(c, d)
        self.buffer.run(self.height - ay, self.height - by, high, font.face, upright=upright)
        self.buffer.text.append(text)
        self.buffer.x0.append(ax)
        self.buffer.x1.append(bx)
