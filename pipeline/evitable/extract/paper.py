"""From the bytes of a PDF to the text of a paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pdfminer
from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect

from evitable.errors import ItemError
from evitable.extract import EXTRACT_VERSION
from evitable.extract.blocks import TERMINAL, RawBlock, group_blocks
from evitable.extract.characters import DAMAGE, CharPage, OpenedPdf, open_pdf
from evitable.extract.kinds import Look, find_title, name_blocks, paper_look, printed_numbers, running_heads
from evitable.extract.lines import PrintedLine, join_markers, margin_numbers, printed_lines
from evitable.extract.words import HyphenRule
from evitable.records import Block, BlockKind, Document, Line, Page, Reference, squash

_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+[^\s\"<>.,;)\]]")
_YEAR = re.compile(r"\b(19[5-9]\d|20[0-4]\d)\b")
_MIN_CHARS_A_PAGE = 20


@dataclass(slots=True)
class _Named:
    """A block with its kind, before its text is put together."""

    kind: BlockKind
    level: int
    lines: list[PrintedLine]
    size: float
    bold: bool


def extract_document(data: bytes, paper_id: str, *, max_pages: int = 2000) -> Document:
    """Extract the text of a paper, block by block, in reading order.

    Args:
        data: Bytes of the PDF.
        paper_id: Id that the document carries.
        max_pages: Pages that a paper may have.

    Returns:
        The document. All text of the PDF is in it; blocks say what is body text and what is not.

    Raises:
        ItemError: The PDF cannot be read, or holds no text (as a scan does).
    """
    opened = open_pdf(data, max_pages=max_pages)
    pages = _read_pages(opened)
    blocks = _named_blocks(pages)
    hyphens = HyphenRule(line.text for block in blocks for line in block.lines)
    text, records = _compose(blocks, hyphens)
    labels = printed_numbers(
        [line for block in blocks if block.kind == "running_head" for line in block.lines], len(pages)
    )
    return Document(
        paper_id=paper_id,
        text=text,
        pages=tuple(
            Page(
                number=p.number, label=labels.get(p.number, p.label), width=round(p.width, 1), height=round(p.height, 1)
            )
            for p in pages
        ),
        blocks=records,
        metadata=_metadata(opened.info, text, records),
        extractor=f"pdfminer.six {pdfminer.__version__}, layout {EXTRACT_VERSION}",
    )


def _read_pages(opened: OpenedPdf) -> list[CharPage]:
    try:
        pages = list(opened.pages)
    except (PDFPasswordIncorrect, PDFEncryptionError) as error:
        raise ItemError(
            "pdf-encrypted", "The PDF is encrypted and cannot be read.", "Save a copy without protection."
        ) from error
    except DAMAGE as error:
        raise ItemError(
            "pdf-damaged", "The PDF is damaged and cannot be read to its end.", "Download the paper again."
        ) from error
    if not pages:
        raise ItemError("pdf-no-pages", "The PDF has no pages that can be read.", "Download the paper again.")
    if sum(len(page.chars) for page in pages) < _MIN_CHARS_A_PAGE * len(pages):
        raise ItemError(
            "pdf-scanned",
            "Not readable: the pages hold no text; they may be pictures of it (a scan).",
            "Run OCR on it, for example with OCRmyPDF.",
        )
    return pages


def _named_blocks(pages: Sequence[CharPage]) -> list[_Named]:
    """Group all pages' characters into blocks with kinds, paragraphs rejoined over columns and pages."""
    heights = {page.number: page.height for page in pages}
    aside: list[_Named] = []
    lines: list[PrintedLine] = []
    for page in pages:
        found = printed_lines(page)
        numbers = margin_numbers(found)
        aside += [_alone("line_number", found[index]) for index in sorted(numbers)]
        aside += [_alone("watermark", line) for line in found if not line.upright]
        for index in numbers & set(range(len(found) - 1)):
            found[index + 1].follows = False  # what stood before it is gone
        lines += join_markers([line for index, line in enumerate(found) if index not in numbers and line.upright])
    heads = running_heads(lines, heights)
    aside += [_alone("running_head", lines[index]) for index in sorted(heads)]
    body = [line for index, line in enumerate(lines) if index not in heads]
    look = paper_look(body, heights)
    raw = [block for page in pages for block in group_blocks([line for line in body if line.page == page.number])]
    raw = _join_title(raw, look)
    named = [
        _Named(kind, level, block.lines, block.size, block.bold)
        for block, (kind, level) in zip(raw, name_blocks(raw, look, find_title(raw, look)), strict=True)
    ]
    return _join_paragraphs(named) + sorted(aside, key=lambda block: (block.lines[0].page, block.lines[0].top))


def _alone(kind: BlockKind, line: PrintedLine) -> _Named:
    return _Named(kind, 0, [line], line.size, line.bold)


def _join_title(blocks: list[RawBlock], look: Look) -> list[RawBlock]:
    """Put the lines of a title together that wide spacing had parted."""
    title = find_title(blocks, look)
    if title is None:
        return blocks
    joined = blocks[title]
    after = title + 1
    while (
        after < len(blocks)
        and blocks[after].page == 1
        and blocks[after].size == joined.size
        and blocks[after].bold == joined.bold
    ):
        joined = RawBlock([*joined.lines, *blocks[after].lines])
        after += 1
    return [*blocks[:title], joined, *blocks[after:]]


def _join_paragraphs(blocks: Sequence[_Named]) -> list[_Named]:
    """Rejoin paragraphs that a column, a page, a figure or a footnote parts."""
    joined: list[_Named] = []
    open_body: _Named | None = None
    for block in blocks:
        if block.kind == "body" and open_body is not None and _carries_on(open_body, block):
            open_body.lines += block.lines
            continue
        joined.append(block)
        if block.kind in {"body", "list"}:
            open_body = block
        elif block.kind in {"heading", "reference", "title"}:
            open_body = None
    return joined


def _carries_on(above: _Named, below: _Named) -> bool:
    last, first = above.lines[-1], below.lines[0]
    if last.page == first.page and first.top >= last.bottom - 1 and first.x0 < last.x1 and first.top - last.bottom < 40:
        return False  # next to it in the same column: parted on purpose
    text = last.text.rstrip("”’\"')")
    return (
        abs(above.size - below.size) < 0.6
        and not text.endswith(TERMINAL)
        and (first.text[0].islower() or text.endswith(("-", ",")))
    )


def _compose(blocks: Sequence[_Named], hyphens: HyphenRule) -> tuple[str, tuple[Block, ...]]:
    """Put the text together, and give each block and line its span in it."""
    parts: list[str] = []
    records: list[Block] = []
    offset = 0
    for block in blocks:
        text, lines = _block_text(block, hyphens, offset)
        records.append(
            Block(
                kind=block.kind,
                level=block.level,
                start=offset,
                end=offset + len(text),
                size=block.size,
                bold=block.bold,
                lines=lines,
            )
        )
        parts.append(text)
        offset += len(text) + 2
    return "\n\n".join(parts), tuple(records)


def _block_text(block: _Named, hyphens: HyphenRule, offset: int) -> tuple[str, tuple[Line, ...]]:
    text = ""
    lines: list[Line] = []
    for line in block.lines:
        glue = hyphens.join(text, line.text)
        start = len(glue) - len(line.text)
        if lines and len(glue) < len(text) + len(line.text):  # a hyphen went: the line above ends one earlier
            above = lines[-1]
            lines[-1] = Line(page=above.page, box=above.box, start=above.start, end=above.end - 1)
        box = (round(line.x0, 1), round(line.top, 1), round(line.x1, 1), round(line.bottom, 1))
        lines.append(Line(page=line.page, box=box, start=offset + start, end=offset + len(glue)))
        text = glue
    return text, tuple(lines)


def _metadata(info: dict[str, str], text: str, blocks: Sequence[Block]) -> Reference:
    """Read title, DOI and year off the first page; the PDF's own properties fill what is missing."""
    first = [block for block in blocks if block.lines[0].page == 1]
    title = next((text[block.start : block.end] for block in first if block.kind == "title"), "")
    front = " ".join(
        text[b.start : b.end] for b in first if b.kind in {"front_matter", "running_head", "title", "footnote"}
    )
    doi = _DOI.search(" ".join(text[b.start : b.end] for b in first))
    year = _YEAR.search(front)
    return Reference(
        title=title or _plausible(info.get("Title", "")),
        authors=_authors(info.get("Author", ""), front),
        year=int(year[0]) if year else None,
        doi=doi[0].lower() if doi else "",
        source="first page",
    )


def _authors(named: str, front: str) -> tuple[str, ...]:
    """Give the authors that the PDF's properties name, if its first page does too: many name a computer's owner."""
    names = [name.strip() for name in re.split(r";|\band\b|&", named) if name.strip()]
    printed = squash(front)
    family = [squash(name.split(",")[0] if "," in name else name.split()[-1]) for name in names]
    return tuple(names) if names and all(name and name in printed for name in family) else ()


def _plausible(title: str) -> str:
    return (
        title
        if " " in title and not re.search(r"\.(docx?|pdf|indd|tex)\b|^microsoft|untitled", title, re.IGNORECASE)
        else ""
    )
