"""pypdfium2 (PDFium) as the engine: it reads damaged files that pdfminer refuses."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

import pypdfium2
from pypdfium2 import raw

from evitable.extract.engines.characters import (
    CharacterBuffer,
    CharPage,
    Limits,
    OpenedPdf,
    PageBox,
    damaged,
    encrypted,
    face_name,
    is_bold,
    refuse_more,
    refuse_non_pdf,
)

ENGINE = f"pypdfium2 {pypdfium2.PYPDFIUM_INFO}"
_PASSWORD_ERRORS = frozenset({raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY})
_XFA = frozenset({raw.FORMTYPE_XFA_FULL, raw.FORMTYPE_XFA_FOREGROUND})
_HYPHENS = frozenset({2, 0xFFFE})
"""What PDFium says for a hyphen at a line's end."""
_UNKNOWN = frozenset({0, 0xFFFF})
_BOLD_WEIGHT = 600


class _Look(NamedTuple):
    """What the characters of one text object share: type size in points, face, whether upright, whether guessed."""

    size: float
    face: str
    upright: bool
    guessed: bool = False


def open_pdf(data: bytes, limits: Limits = Limits()) -> OpenedPdf:  # noqa: B008 - a frozen tuple
    """Open a PDF for reading character by character.

    Args:
        data: The file's bytes.
        limits: How much it may hold.

    Raises:
        ItemError: Empty, not a PDF, encrypted or damaged. What is wrong further in is raised by `pages`.
    """
    refuse_non_pdf(data)
    document = open_document(data)
    info = dict(document.get_metadata_dict(skip_empty=True))
    return OpenedPdf(
        ENGINE, info, _pages(document, limits, _labels(data, document)), len(document), _wrapper(document, data)
    )


def _labels(data: bytes, document: pypdfium2.PdfDocument) -> list[str]:
    """Give the pages' labels, read by pdfminer: labels that go in a circle end the process in PDFium."""
    if b"/PageLabels" not in data:
        return [""] * len(document)
    from evitable.extract.engines.miner import page_labels  # noqa: PLC0415 - loaded where it is needed

    return page_labels(data, len(document))


def _wrapper(document: pypdfium2.PdfDocument, data: bytes) -> str:
    """Tell what the PDF is if not a paper; a portfolio is seen only where its catalog is not compressed."""
    if b"/Collection" in data:
        return "portfolio"
    return "form" if document.get_formtype() in _XFA else ""


def open_document(data: bytes) -> pypdfium2.PdfDocument:
    """Open a PDF with PDFium.

    Raises:
        ItemError: It is encrypted or damaged.
    """
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in _PASSWORD_ERRORS and b"/Encrypt" in data:
            raise encrypted() from error
        raise damaged("The PDF is damaged and cannot be opened.") from error


def page_texts(data: bytes, pages: frozenset[int]) -> dict[int, str]:
    """Give the plain text of some pages as PDFium reads it, in content-stream order, by page index from 1.

    Pages that cannot be read are left out.

    Raises:
        ItemError: The PDF cannot be opened.
    """
    document = open_document(data)
    found: dict[int, str] = {}
    for number in sorted(pages):
        try:
            found[number] = document[number - 1].get_textpage().get_text_range()
        except (pypdfium2.PdfiumError, IndexError):
            continue
    return found


def _pages(document: pypdfium2.PdfDocument, limits: Limits, labels: list[str]) -> Iterator[CharPage]:
    refuse_more(limits, pages=len(document))
    characters = 0
    for index in range(len(document)):
        try:
            page = document[index]
            text = page.get_textpage()
        except pypdfium2.PdfiumError as error:
            raise damaged(f"Page {index + 1} of the PDF is damaged and cannot be read.") from error
        count = text.count_chars()
        characters += count
        refuse_more(limits, objects=raw.FPDFPage_CountObjects(page.raw), characters=characters)
        label = labels[index] or str(index + 1)
        yield _read_page(page, text, count, index + 1, label)
        text.close()
        page.close()


def _read_page(page: Any, text: Any, count: int, number: int, label: str) -> CharPage:
    left, low, right, high = page.get_bbox()
    box = PageBox(left, low, right, high, page.get_rotation())
    buffer = CharacterBuffer()
    looks: dict[int, _Look] = {}
    guesses: list[int] = []
    last: tuple[float, ...] = ()
    level: tuple[float, float, int] | None = None
    rect = raw.FS_RECTF()
    reference, handle = ctypes.byref(rect), text.raw
    get_letter, get_owner, get_box = raw.FPDFText_GetUnicode, raw.FPDFText_GetTextObject, raw.FPDFText_GetLooseCharBox
    for index in range(count):
        code = get_letter(handle, index)
        if code == 10 or code == 13:  # noqa: PLR1714 - twice as fast as a set, for each character of a corpus
            continue
        owner = get_owner(handle, index)
        if code == 32 and not owner:
            continue  # a space that PDFium made up: gaps are judged by the layout
        get_box(handle, index, reference)
        key = ctypes.addressof(owner.contents) if owner else 0
        look = looks.get(key)
        if look is None:
            look = looks[key] = _look(text, owner, index, box.rotation)
        place = x0, y0, x1, y1 = box.turned(rect.left, rect.bottom, rect.right, rect.top)
        if place == last and buffer.x0:  # letters of one ligature share a box
            buffer.x1[-1] = x0 = (buffer.x0[-1] + x1) / 2
        last = place
        if level != (y0, y1, key):
            level = y0, y1, key
            buffer.run(y0, y1, look.size, look.face, upright=look.upright)
        if look.guessed and raw.FPDFText_HasUnicodeMapError(handle, index) == 1:
            guesses.append(len(buffer.text))
        buffer.text.append(_text(code))
        buffer.x0.append(x0)
        buffer.x1.append(x1)
    if 2 * len(guesses) > len(buffer.text):  # a page of guesses must not become quotes
        for guess in guesses:
            buffer.text[guess] = "\ufffd"
    return CharPage(number, label, box.width, box.height, buffer.characters(box.width, box.height), buffer.faces)


def _text(code: int) -> str:
    if code in _HYPHENS:
        return "-"
    return "\ufffd" if code in _UNKNOWN or code > 0x10FFFF else chr(code)


def _look(text: Any, owner: Any, index: int, rotation: int) -> _Look:
    """Read what the characters of a text object share."""
    matrix = raw.FS_MATRIX()
    size = raw.FPDFText_GetFontSize(text.raw, index)
    if not raw.FPDFText_GetMatrix(text.raw, index, matrix):
        return _Look(size, "", upright=True)
    turned = {0: (1, 0, 0, 1), 90: (0, -1, 1, 0), 180: (-1, 0, 0, -1), 270: (0, 1, -1, 0)}[rotation]
    a = matrix.a * turned[0] + matrix.b * turned[2]
    b = matrix.a * turned[1] + matrix.b * turned[3]
    c = matrix.c * turned[0] + matrix.d * turned[2]
    d = matrix.c * turned[1] + matrix.d * turned[3]
    upright = a * size > 0 and d * size > 0 and abs(b) < abs(a) * 0.1 and abs(c) < abs(d) * 0.5
    high = abs(size) * (abs(d) if upright else (c * c + d * d) ** 0.5)
    return _Look(high, _face(owner), upright, guessed=raw.FPDFText_HasUnicodeMapError(text.raw, index) == 1)


def _face(owner: Any) -> str:
    font = raw.FPDFTextObj_GetFont(owner) if owner else None
    if not font:
        return ""
    length = raw.FPDFFont_GetBaseFontName(font, None, 0)
    name = ctypes.create_string_buffer(length)
    raw.FPDFFont_GetBaseFontName(font, name, length)
    face = face_name(name.value.decode("latin-1"))
    heavy = raw.FPDFFont_GetWeight(font) >= _BOLD_WEIGHT and not is_bold(face)
    return f"{face}-Bold" if heavy else face
