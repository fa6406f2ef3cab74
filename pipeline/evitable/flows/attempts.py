"""The ways to read one paper: by the engine of the settings, by the other engine, or after OCR."""

from __future__ import annotations

import contextlib
from collections import Counter
from typing import TYPE_CHECKING, Literal

from msgspec.structs import replace

from evitable.errors import ItemError
from evitable.records import Document, Issue, Notice
from evitable.settings import Settings

if TYPE_CHECKING:  # loaded when a paper is read
    from evitable.extract.paper import Engine

Attempt = Literal["first", "second", "ocr"]
"""By the engine of the settings; by the other engine; after OCR, by the engine of the settings."""

_NAMES: dict[Engine, str] = {"pdfminer": "pdfminer.six", "pdfium": "pypdfium2"}
_MENDED = Issue(
    code="pdf-damaged", stage="extract", paper="", message="The table of objects in the PDF is damaged.", hint=""
)
_MIN_CHARACTERS = 20
"""Characters from which a page holds text."""
_CODED = frozenset({"body", "list"})


def read_first(data: bytes, paper_id: str, settings: Settings, engine: Engine | None = None) -> Document:
    """Read a paper by one engine.

    Args:
        data: Bytes of the PDF.
        paper_id: Id that the document carries.
        settings: Engine and limits.
        engine: Another engine than that of the settings.

    Raises:
        ItemError: The engine cannot read it.
    """
    from evitable.extract.engines.characters import Limits  # noqa: PLC0415
    from evitable.extract.paper import extract_document  # noqa: PLC0415

    limits = Limits(settings.max_pages, settings.max_objects, settings.max_characters)
    first = engine or settings.extractor
    document = extract_document(data, paper_id, engine=first, limits=limits)
    if first == "pdfminer" and any(notice.code == "read-in-part" for notice in document.notices):
        with contextlib.suppress(ItemError):  # PDFium knows more ways to mend such a file
            return read_second(data, paper_id, settings, _MENDED, "pdfium")
    return document


def read_second(
    data: bytes, paper_id: str, settings: Settings, before: Issue | None, engine: Engine | None = None
) -> Document:
    """Read a paper by the engine that the settings do not name, and say so.

    Args:
        data: Bytes of the PDF.
        paper_id: Id that the document carries.
        settings: Engine and limits.
        before: What became of the first attempt.
        engine: The engine, if it is not just the other one.

    Raises:
        ItemError: This engine cannot read it either, or reads no body text.
    """
    engine = engine or ("pdfium" if settings.extractor == "pdfminer" else "pdfminer")
    first: Engine = "pdfminer" if engine == "pdfium" else "pdfium"
    document = read_first(data, paper_id, settings, engine)
    if not any(block.kind in _CODED for block in document.blocks):
        raise ItemError("no-body-text", "The paper was read, but no body text was found in it.")
    message = f"Read by {_NAMES[engine]}, because {_NAMES[first]} could not read it"
    message += f" ({before.message})." if before else "."
    if before is not None and before.code == "timed-out":
        message += " It may be in time on another day, and quotes may then differ a little."
    hint = "Look the quotes over: the second engine may part words and order lines in another way."
    if before is not None and before.code == "pdf-damaged":
        torn = "The PDF is damaged: parts of it may be missing from the tables."
        document = _with(document, Notice(code="read-in-part", message=torn, hint="Download the paper again."))
    return _with(document, Notice(code="read-by-second-engine", message=message, hint=hint))


def read_after_ocr(data: bytes, paper_id: str, settings: Settings, before: Document | None) -> Document:
    """Give the pages that hold no text to OCR, read the result, and say so.

    Args:
        data: Bytes of the PDF.
        paper_id: Id that the document carries.
        settings: Engine, limits, languages.
        before: What was read without OCR; None for a paper that is a scan as a whole.

    Returns:
        The document; where OCR found nothing, the one from before.

    Raises:
        ItemError: OCR is not possible, or found nothing in a paper that is a scan as a whole.
    """
    from evitable.flows import ocr  # noqa: PLC0415

    made = ocr.add_text(data, settings.ocr_language, settings.ocr_time_limit)
    try:
        document = read_first(made, paper_id, settings)
    except ItemError as error:
        if error.code == "pdf-scanned":
            hint = "Look at the pages, and at ocr_language in review.toml."
            raise ItemError("pdf-scanned", "OCR found no text on the pages.", hint) from error
        raise ItemError("pdf-scanned", f"OCR gave a PDF that cannot be read. {error.message}", error.hint) from error
    pages = sorted(_bare_pages(before) - _bare_pages(document)) if before else []
    if before is not None and not pages:
        return _without_gain(before)
    where = f"The text of PDF page{'s' * (len(pages) > 1)} {_listed(pages)}" if pages else "The text of the pages"
    by = ocr.ocr_name(settings.ocr_language)
    notice = Notice(
        code="read-by-ocr",
        message=f"{where} comes from OCR ({by}).",
        hint="Check quotes against the page before you use them: OCR mistakes letters.",
    )
    return _with(replace(document, extractor=f"{document.extractor}, {by}"), notice)


def _with(document: Document, notice: Notice) -> Document:
    return replace(document, notices=(notice, *document.notices))


def _without_gain(document: Document) -> Document:
    hint = "OCR found no text there either; look at the pages."
    notices = (replace(n, hint=hint) if n.code == "pages-without-text" else n for n in document.notices)
    return replace(document, notices=tuple(notices))


def _bare_pages(document: Document) -> set[int]:
    """Give the indices of the pages that hold next to no text."""
    held: Counter[int] = Counter()
    for block in document.blocks:
        for line in block.lines:
            held[line.page] += line.end - line.start
    return {page.number for page in document.pages if held[page.number] < _MIN_CHARACTERS}


def _listed(numbers: list[int], most: int = 12) -> str:
    """List page indices; of many, the first ones and how many more."""
    named = ", ".join(str(number) for number in numbers[:most])
    return f"{named} and {len(numbers) - most} more" if len(numbers) > most else named
