"""Pictures of a paper's pages with its blocks drawn on them, coloured by kind: to see what extraction made of it."""

from __future__ import annotations

import io
from collections.abc import Iterator

from PIL import Image, ImageDraw

from evitable.extract.engines.pdfium import open_document
from evitable.records import BlockKind, Document

COLOURS: dict[BlockKind, str] = {
    "title": "#7b3294",
    "front_matter": "#b8860b",
    "heading": "#d7191c",
    "body": "#1a7f37",
    "list": "#2ca7a0",
    "caption": "#e66101",
    "table": "#2b6cb0",
    "footnote": "#8c564b",
    "reference": "#6b7280",
    "back_matter": "#c51b8a",
    "running_head": "#111111",
    "line_number": "#9ca3af",
    "watermark": "#84cc16",
}
"""Colour of each kind of block."""
_SCALE = 1.5
"""Dots a point: 108 dots an inch."""


def draw_pages(data: bytes, document: Document) -> Iterator[tuple[int, bytes]]:
    """Draw each page with its blocks: a frame by kind round each, its number in reading order, its lines underlaid.

    Args:
        data: Bytes of the PDF that the document was extracted from.
        document: What was extracted.

    Yields:
        Page index from 1, and a PNG.

    Raises:
        ItemError: The PDF cannot be opened.
    """
    pdf = open_document(data)
    for page in document.pages[: len(pdf)]:
        picture = pdf[page.number - 1].render(scale=_SCALE).to_pil().convert("RGB")
        file = io.BytesIO()
        _with_blocks(picture, document, page.number).save(file, "PNG", optimize=False)
        yield page.number, file.getvalue()


def _with_blocks(picture: Image.Image, document: Document, page: int) -> Image.Image:
    tint = Image.new("RGBA", picture.size, (255, 255, 255, 0))
    brush = ImageDraw.Draw(tint)
    for number, block in enumerate(document.blocks, start=1):
        boxes = [[value * _SCALE for value in line.box] for line in block.lines if line.page == page]
        if not boxes:
            continue
        colour = COLOURS[block.kind]
        for box in boxes:
            brush.rectangle(box, fill=f"{colour}28")
        left, top = min(box[0] for box in boxes) - 3, min(box[1] for box in boxes) - 2
        right, bottom = max(box[2] for box in boxes) + 3, max(box[3] for box in boxes) + 2
        brush.rectangle((left, top, right, bottom), outline=colour, width=2)
        level = f" {block.level}" if block.kind == "heading" else ""
        brush.text((left + 2, top - 12), f"{number} {block.kind}{level}", fill=colour)
    return Image.alpha_composite(picture.convert("RGBA"), tint).convert("RGB")
