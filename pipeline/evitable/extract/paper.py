"""From the bytes of a PDF to the text of a paper."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from evitable.errors import ItemError
from evitable.extract import EXTRACT_VERSION
from evitable.extract.engines.characters import CharPage, Limits, OpenedPdf
from evitable.extract.layout.compose import compose
from evitable.extract.layout.naming import NamedBlock, named_blocks
from evitable.extract.layout.running import printed_numbers
from evitable.extract.layout.words import HyphenRule
from evitable.extract.metadata.read import read_metadata
from evitable.records import Document, Notice, Page

Engine = Literal["pdfminer", "pdfium"]

_MIN_CHARS_A_PAGE = 20
"""Characters from which a page holds text; a page number alone does not make one."""
_UNKNOWN = 0.02
"""Share of letters without a meaning from which a reviewer is told."""
_COVER = 2
"""Pages up to which a portfolio or a form is nothing but its cover."""
_WRAPPERS = {
    "portfolio": Notice(
        code="pdf-portfolio",
        message="The PDF is a portfolio: other files are in it, and only its own pages were read.",
        hint="Save the papers that are in it as files of their own.",
    ),
    "form": Notice(
        code="pdf-form",
        message="The PDF is a form that another program fills; what was read may not be what it shows.",
        hint="Open it, and print it to a new PDF.",
    ),
}
_SCANNED = 0.8
"""Share of pages without text from which a paper is a scan, whatever its cover says."""


def extract_document(
    data: bytes,
    paper_id: str,
    *,
    engine: Engine = "pdfminer",
    limits: Limits = Limits(),  # noqa: B008 - a frozen tuple
) -> Document:
    """Extract the text of a paper, block by block, in reading order.

    Args:
        data: Bytes of the PDF.
        paper_id: Id that the document carries.
        engine: What reads the characters; the layout is the same.
        limits: How much the paper may hold.

    Returns:
        The document. All text that is seen on the pages is in it; blocks say what is body text and what is not,
        notices what could not be read.

    Raises:
        ItemError: The PDF cannot be read, or holds no text (as a scan does).
    """
    opened = _open(data, engine, limits)
    pages = list(opened.pages)
    notices = _check_pages(pages, opened)
    blocks = named_blocks(pages, opened.info.get("Title", ""))
    hyphens = HyphenRule(line.text for block in blocks for line in block.lines)
    text, records = compose(blocks, hyphens)
    return Document(
        paper_id=paper_id,
        text=text,
        pages=_pages(pages, blocks),
        blocks=records,
        metadata=read_metadata(opened.info, text, records),
        extractor=f"{opened.engine}, layout {EXTRACT_VERSION}",
        notices=notices,
    )


def _open(data: bytes, engine: Engine, limits: Limits) -> OpenedPdf:
    if engine == "pdfium":
        from evitable.extract.engines import pdfium  # noqa: PLC0415 - the library is loaded where it is used

        return pdfium.open_pdf(data, limits)
    from evitable.extract.engines import miner  # noqa: PLC0415

    return miner.open_pdf(data, limits)


def _check_pages(pages: Sequence[CharPage], opened: OpenedPdf) -> tuple[Notice, ...]:
    """Refuse a paper without text, and name the pages that are missing or hold none."""
    if not pages:
        raise ItemError("pdf-no-pages", "The PDF has no pages that can be read.", "Download the paper again.")
    if opened.wrapper and len(pages) <= _COVER:
        about = _WRAPPERS[opened.wrapper]
        raise ItemError(about.code, about.message, about.hint)
    empty = [page.number for page in pages if len(page.chars.text) < _MIN_CHARS_A_PAGE]
    total = sum(len(page.chars.text) for page in pages)
    if total < _MIN_CHARS_A_PAGE * len(pages) or (len(pages) > 1 and len(empty) >= _SCANNED * len(pages)):
        raise ItemError(
            "pdf-scanned",
            "Not readable: scanned. The pages hold no text; they may be pictures of it.",
            "Set ocr = true in review.toml (OCRmyPDF must be installed), or run OCR on it yourself.",
        )
    notices = []
    if opened.counted > len(pages):
        message = f"The PDF says that it has {opened.counted} pages, but only {len(pages)} could be found."
        notices.append(Notice(code="pages-missing", message=message, hint="Download the paper again."))
    if empty:
        message = f"No text on {_listed(empty)}: blank, a picture, or not readable."
        hint = "Look at the pages; if they are scans, set ocr = true in review.toml."
        notices.append(Notice(code="pages-without-text", message=message, hint=hint))
    unknown = sum(page.chars.text.count("\ufffd") for page in pages)
    if unknown > _UNKNOWN * total:
        message = f"The fonts do not say what {100 * unknown / total:.0f} % of its letters are."
        notices.append(Notice(code="letters-unknown", message=message, hint="Quotes may miss letters: compare them."))
    if opened.rebuilt:
        message = "The table of objects in the PDF is damaged: parts may be missing, or stand in an older version."
        notices.append(Notice(code="read-in-part", message=message, hint="Download the paper again."))
    if opened.wrapper:
        notices.append(_WRAPPERS[opened.wrapper])
    return tuple(notices)


def _listed(numbers: Sequence[int], most: int = 12) -> str:
    named = ", ".join(str(number) for number in numbers[:most])
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return f"page{'s' if len(numbers) > 1 else ''} {named}{more}"


def _pages(pages: Sequence[CharPage], blocks: Sequence[NamedBlock]) -> tuple[Page, ...]:
    """Give the pages with the numbers that are printed on them, or else the labels that the file gives them."""
    heads = [line for block in blocks if block.kind == "running_head" for line in block.lines]
    labels = printed_numbers(heads, len(pages))
    return tuple(
        Page(number=p.number, label=labels.get(p.number, p.label), width=round(p.width, 1), height=round(p.height, 1))
        for p in pages
    )
