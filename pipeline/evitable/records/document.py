"""The text of a paper as extracted: pages, blocks, and where each line stands on its page."""

from __future__ import annotations

from typing import Literal

from evitable.records.base import FORMAT, Record
from evitable.records.paper import Reference

BlockKind = Literal[
    "title",
    "front_matter",
    "heading",
    "body",
    "list",
    "caption",
    "table",
    "footnote",
    "reference",
    "back_matter",
    "running_head",
    "line_number",
    "watermark",
]
"""What a block is. Only body and list blocks are ever coded."""

SectionKind = Literal[
    "abstract", "introduction", "background", "methods", "findings", "discussion", "conclusion", "references", "other"
]

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in points from the page's top left corner."""


class Line(Record, frozen=True, kw_only=True):
    """One printed line: its span in the document's text and its place on a page.

    Attributes:
        page: Page index, the first page being 1.
        box: Place on the page.
        start: First code point in `Document.text`.
        end: One past the last.
    """

    page: int
    box: Box
    start: int
    end: int


class Block(Record, frozen=True, kw_only=True):
    """A paragraph, heading, caption and so on, in reading order.

    Attributes:
        kind: What it is.
        level: Depth of a heading (1 is the highest); 0 for all else.
        start: First code point in `Document.text`.
        end: One past the last.
        size: Usual type size in points.
        bold: Whether most of it is bold.
        lines: Its printed lines, on one or more pages.
    """

    kind: BlockKind
    level: int = 0
    start: int
    end: int
    size: float = 0.0
    bold: bool = False
    lines: tuple[Line, ...]


class Page(Record, frozen=True, kw_only=True):
    """A page: its index (from 1), the label that the PDF or the print gives it, and its size in points."""

    number: int
    label: str
    width: float
    height: float


class Notice(Record, frozen=True, kw_only=True):
    """Something that a reviewer should know of a paper that was read: becomes an issue of it.

    Attributes:
        code: Stable code.
        message: What is wrong, in plain words.
        hint: What to do.
    """

    code: str
    message: str
    hint: str


class Document(Record, frozen=True, kw_only=True):
    """The text of one paper.

    Attributes:
        paper_id: The paper it was extracted from.
        text: Canonical text (NFC, LF). Every offset anywhere is a code point into it.
        pages: All pages, in order.
        blocks: In reading order; they do not overlap.
        metadata: What the first page and the PDF's own properties say of the paper.
        extractor: Engine and its version.
        notices: What could not be read of it, or was read another way than usual.
        format: Number of the record format.
    """

    paper_id: str
    text: str
    pages: tuple[Page, ...]
    blocks: tuple[Block, ...]
    metadata: Reference
    extractor: str
    notices: tuple[Notice, ...] = ()
    format: int = FORMAT

    def text_of(self, block: Block) -> str:
        """Give the block's text, a slice of the document's."""
        return self.text[block.start : block.end]

    def lines_of(self, start: int, end: int) -> tuple[Line, ...]:
        """Give the printed lines of a stretch of the text, in order."""
        return tuple(
            line
            for block in self.blocks
            if block.start < end and block.end > start
            for line in block.lines
            if line.start < end and line.end > start
        )


class DocumentText(Record, frozen=True, kw_only=True, forbid_unknown_fields=False):
    """A `Document` without pages and blocks, read from the same JSON eight times as fast.

    Attributes:
        paper_id: The paper it was extracted from.
        text: Canonical text.
        extractor: Engine and its version.
    """

    paper_id: str
    text: str
    extractor: str
