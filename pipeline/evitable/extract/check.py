"""The quotes of a paper, found again in the bytes that they were extracted from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress

from evitable.errors import ItemError
from evitable.extract.quotes import PageText, QuotePart, grade_quote, quote_parts
from evitable.records import Attribute, Document, PaperCoding, Passage, QuoteChecks, squash


def check_quotes(data: bytes, document: Document, passages: Sequence[Passage], coding: PaperCoding) -> QuoteChecks:
    """Find again what may be exported of a paper: each passage, and the sentence behind each attribute.

    Passages without a code too: people may code what the machine passed over.

    The text of a page is PDFium's own, in the order of the page's content: the check rests neither on our layout nor,
    by default, on the engine that read the characters. A page on which PDFium reads nothing is read by pdfminer; as the
    ends of lines are not known there, its quotes are `squashed` at best. Only pages with quotes are read.

    Args:
        data: Bytes of the PDF.
        document: What was extracted from them.
        passages: Passages of the document.
        coding: Gives the attributes. One whose quote comes from the reference record is left out.

    Returns:
        A grade for each quote (see `grade_quote`); all are `missing` where the bytes hold no text, as in a scan.
    """
    quotes = {passage.id: quote_parts(document, passage.start, passage.end) for passage in passages}
    quotes |= {
        attribute.key: _attribute_parts(document, attribute)
        for attribute in coding.attributes
        if attribute.quote and attribute.page
    }
    pages = _read_pages(data, frozenset(part.page for parts in quotes.values() for part in parts))
    return QuoteChecks(
        paper_id=document.paper_id, matches={key: grade_quote(parts, pages) for key, parts in quotes.items()}
    )


def _attribute_parts(document: Document, attribute: Attribute) -> tuple[QuotePart, ...]:
    """Cut an attribute's quote where it begins on its page; where it does not, the page must have it in one piece."""
    for match in re.finditer(re.escape(attribute.quote), document.text):
        parts = quote_parts(document, *match.span())
        if parts and parts[0].page == attribute.page:
            return parts
    return (QuotePart(attribute.page, (attribute.quote,)),)


def _read_pages(data: bytes, numbers: frozenset[int]) -> dict[int, PageText]:
    from evitable.extract.engines import pdfium  # noqa: PLC0415 - the library is loaded where it is used

    texts: dict[int, str] = {}
    if numbers:
        with suppress(ItemError):
            texts = pdfium.page_texts(data, numbers)
    unread = frozenset(number for number in numbers if not squash(texts.get(number, "")))
    if unread:
        texts |= _characters(data, unread)
    return {number: PageText(text) for number, text in texts.items()}


def _characters(data: bytes, numbers: frozenset[int]) -> dict[int, str]:
    """Give the characters of pages as pdfminer reads them, in the order of the page's content."""
    from evitable.extract.engines import miner  # noqa: PLC0415

    texts: dict[int, str] = {}
    with suppress(ItemError):
        for page in miner.open_pdf(data).pages:
            if page.number in numbers:
                texts[page.number] = "".join(page.chars.text)
            if page.number == max(numbers):
                break
    return texts
