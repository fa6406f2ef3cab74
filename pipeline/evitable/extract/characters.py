"""Characters with their boxes and fonts, straight from pdfminer's interpreter, without its layout analysis."""

from __future__ import annotations

import contextlib
import io
import itertools
import logging
import struct
import zlib
from collections.abc import Iterator
from typing import Any, NamedTuple

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument, PDFEncryptionError, PDFNoPageLabels, PDFPasswordIncorrect
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFException, resolve1
from pdfminer.psexceptions import PSException
from pdfminer.utils import Matrix, apply_matrix_pt, decode_text

from evitable.errors import ItemError

logging.getLogger("pdfminer").setLevel(logging.ERROR)  # its warnings name no paper and mean nothing to a reviewer

_MIN_STREAM = 64
"""Bytes of a compressed page from which it must hold something."""
_FARTHEST = 1e6
_BOLD = ("bold", "black", "heavy", "semibold", "demi")


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


class Char(NamedTuple):
    """One character: its text, its box (points from the top left), type size, font and whether it stands upright."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    bold: bool
    upright: bool


class CharPage(NamedTuple):
    """One page: number from 1, printed label, width and height in points, characters in content-stream order."""

    number: int
    label: str
    width: float
    height: float
    chars: list[Char]


class OpenedPdf(NamedTuple):
    """A PDF that could be opened: its information dictionary as text, and its pages, read one by one."""

    info: dict[str, str]
    pages: Iterator[CharPage]


def open_pdf(data: bytes, *, max_pages: int) -> OpenedPdf:
    """Open a PDF for reading character by character.

    Args:
        data: The file's bytes.
        max_pages: Pages that a paper may have.

    Raises:
        ItemError: Empty, not a PDF, encrypted, damaged, or without pages. Damage further in is raised by `pages`.
    """
    if not data:
        raise ItemError("pdf-empty", "The file is empty (0 bytes).", "Download the paper again.")
    if b"%PDF-" not in data[:1024]:
        raise ItemError(
            "pdf-not-pdf", "The file is named .pdf but is not a PDF.", "Open it to see what it is; save it as PDF."
        )
    try:
        document = _Document(PDFParser(io.BytesIO(data)), caching=True)
        info = _info(document)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise ItemError(
            "pdf-encrypted",
            "The PDF is protected by a password.",
            "Save a copy without password and put that in its place.",
        ) from error
    except DAMAGE as error:
        raise ItemError(
            "pdf-damaged", "The PDF is damaged and cannot be opened.", "Download the paper again."
        ) from error
    return OpenedPdf(info, _pages(document, max_pages))


def _info(document: PDFDocument) -> dict[str, str]:
    values: dict[str, str] = {}
    for dictionary in document.info:
        for key, value in dictionary.items():
            raw = resolve1(value)
            if isinstance(raw, bytes):
                values[str(key)] = decode_text(raw).strip()
    return values


def _pages(document: PDFDocument, max_pages: int) -> Iterator[CharPage]:
    resources = PDFResourceManager(caching=True)
    device = _CharDevice(resources)
    interpreter = PDFPageInterpreter(resources, device)
    for number, page in enumerate(PDFPage.create_pages(document), start=1):
        if number > max_pages:
            raise ItemError(
                "pdf-too-long",
                f"The PDF has more than {max_pages} pages.",
                "Raise max_pages in review.toml, or cut the paper out of the volume.",
            )
        _check_content(page)
        interpreter.process_page(page)
        yield CharPage(number, _label(page, number), device.width, device.height, device.chars)


def _check_content(page: PDFPage) -> None:
    """Refuse a page whose text cannot be decompressed: pdfminer takes it for empty, and would lose it in silence."""
    for content in page.contents:
        stream = resolve1(content)
        raw = len(getattr(stream, "rawdata", None) or b"")
        if raw > _MIN_STREAM and not stream.get_data():
            raise ItemError(
                "pdf-damaged", "The text of a page is damaged and cannot be read.", "Download the paper again."
            )


def _label(page: PDFPage, number: int) -> str:
    try:
        return page.label or str(number)
    except (PDFNoPageLabels, PDFException, ValueError, TypeError):
        return str(number)


class _CharDevice(PDFTextDevice):
    """Collects the characters of one page; draws nothing and analyses nothing."""

    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.chars: list[Char] = []
        self.width = self.height = 0.0
        self._bold: dict[int, bool] = {}

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        x0, y0, x1, y1 = page.mediabox
        (ax, ay), (bx, by) = apply_matrix_pt(ctm, (x0, y0)), apply_matrix_pt(ctm, (x1, y1))
        self.width, self.height = abs(bx - ax), abs(by - ay)
        self.chars = []

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: Any,  # noqa: ARG002 - pdfminer's signature
        graphicstate: Any,  # noqa: ARG002 - pdfminer's signature
    ) -> float:
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = "\ufffd"
        advance = float(font.char_width(cid)) * fontsize * scaling
        descent = font.get_descent() * fontsize + rise
        x0, y0 = apply_matrix_pt(matrix, (0, descent))
        x1, y1 = apply_matrix_pt(matrix, (advance, descent + fontsize))
        a, b, c, d, _, _ = matrix
        upright = a * d * scaling > 0 and abs(b) < abs(a) * 0.1 and abs(c) < abs(d) * 0.1
        left, right = min(x0, x1), max(x0, x1)
        low, high = min(y0, y1), max(y0, y1)
        box = (left, self.height - high, right, self.height - low)
        if not all(abs(value) < _FARTHEST for value in (*box, advance)):
            return 0.0  # infinite, not a number, or off any page
        self.chars.append(Char(text, *box, high - low, self._is_bold(font), upright))
        return advance

    def _is_bold(self, font: PDFFont) -> bool:
        known = self._bold.get(id(font))
        if known is None:
            name = str(font.fontname).lower()
            known = self._bold[id(font)] = any(word in name for word in _BOLD)
        return known
