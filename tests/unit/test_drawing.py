"""Pages drawn with their blocks: each block in the colour of its kind, at its place."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageColor

from evitable.errors import ItemError
from evitable.extract.drawing import COLOURS, draw_pages
from evitable.extract.paper import extract_document
from evitable.records import Block, BlockKind, Document
from support.papers import Paragraph, Typed, cells, on_one_page, typed_pdf
from support.prose import PARAGRAPHS

DOTS = 1.5
"""Dots a point."""


def heading(text: str, size: float = 12) -> Paragraph:
    return Paragraph(text, font="Times-Bold", size=size, before=30, justified=False)


def paper(rotation: int = 0, crop: tuple[float, float, float, float] | None = None) -> bytes:
    """Set a paper that holds blocks of most kinds, far enough apart that no frame covers another's."""
    item = Paragraph("• The keys are held by the members.", first=-12, indent=24, before=30)
    entry = Paragraph("Abel, K. (2011). Keys and kerbs. Town Services, 4(2), 11–19.", before=30)
    title, name = heading("Keys, kettles and kerbs", 18), Paragraph("Orla Brennan", size=8, before=30)
    first = on_one_page(
        [title, name, heading("Introduction"), PARAGRAPHS[0], item, Paragraph(PARAGRAPHS[1], before=30)]
    )
    caption = Typed(72, 300, "Table 1. Who came to the meetings", size=9)
    table = cells([("Season", "Residents"), ("Spring", "14"), ("Autumn", "22")], [72, 320], top=340)
    first.append(Typed(72, 740, "1 The rota is kept at the desk of the shed.", size=8))
    mark = Typed(30, 500, "Lent by the library", size=8, matrix=(0, 1, -1, 0))
    last = [heading("Funding"), Paragraph(PARAGRAPHS[3], before=30), heading("References"), entry]
    second = [*on_one_page([PARAGRAPHS[2]]), caption, *table, *on_one_page(last, top=420), mark]
    heads = [Typed(300, 40, "Shared services", size=8)]
    return typed_pdf([[*first, *heads], [*second, *heads]], rotation=rotation, crop=crop)


def drawn(data: bytes) -> tuple[Document, dict[int, Image.Image]]:
    document = extract_document(data, "p1")
    return document, {page: Image.open(io.BytesIO(png)) for page, png in draw_pages(data, document)}


def frames(document: Document, block: Block) -> list[tuple[int, float, float, float, float]]:
    """Give the page and the frame of a block, in points, for each page it stands on."""
    found = []
    for page in dict.fromkeys(line.page for line in block.lines):
        boxes = [line.box for line in block.lines if line.page == page]
        left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
        found.append((page, left, top, max(box[2] for box in boxes), max(box[3] for box in boxes)))
    return found


def has_colour(picture: Image.Image, kind: BlockKind, x: float, y: float) -> bool:
    """Tell whether the colour of the kind is found within two points of a place."""
    wanted = ImageColor.getrgb(COLOURS[kind])
    places = range(-3, 4)
    return any(
        picture.getpixel((round(x * DOTS) + dx, round(y * DOTS) + dy)) == wanted for dx in places for dy in places
    )


def test_each_page_is_drawn_as_a_png_of_its_size():
    document, pictures = drawn(paper())
    assert list(pictures) == [1, 2]
    for page in document.pages:
        picture = pictures[page.number]
        assert picture.format == "PNG"
        assert picture.size == (pytest.approx(page.width * DOTS, abs=1.5), pytest.approx(page.height * DOTS, abs=1.5))


def test_the_paper_that_is_drawn_holds_blocks_of_all_kinds_but_line_numbers():
    document, _ = drawn(paper())
    assert {block.kind for block in document.blocks} == set(COLOURS) - {"line_number"}


@pytest.mark.parametrize("rotation", [0, 90])
@pytest.mark.parametrize("crop", [None, (20, 20, 560, 800)])
def test_a_frame_in_the_colour_of_its_kind_is_drawn_round_each_block(rotation, crop):
    document, pictures = drawn(paper(rotation, crop))
    for block in document.blocks:
        for page, left, top, right, bottom in frames(document, block):
            middle = (top + bottom) / 2
            assert has_colour(pictures[page], block.kind, left - 2, middle), block
            assert has_colour(pictures[page], block.kind, right + 2, middle), block
            assert has_colour(pictures[page], block.kind, (left + right) / 2, bottom + 1), block


def test_lines_are_underlaid_and_the_rest_of_the_page_stays_white():
    document, pictures = drawn(paper())
    block = next(block for block in document.blocks if block.kind == "body")
    left, _, right, bottom = block.lines[1].box
    colours = {
        pictures[1].getpixel((round(x * DOTS), round((bottom - 0.5) * DOTS))) for x in range(round(left), round(right))
    }
    assert (255, 255, 255) not in colours
    assert pictures[1].getpixel((round(300 * DOTS), round(750 * DOTS))) == (255, 255, 255)


def test_each_kind_has_a_colour_of_its_own():
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_the_same_paper_is_drawn_with_the_same_bytes():
    data = paper()
    document = extract_document(data, "p1")
    assert list(draw_pages(data, document)) == list(draw_pages(data, document))


def test_a_paper_that_cannot_be_opened_is_told():
    document = extract_document(paper(), "p1")
    with pytest.raises(ItemError):
        list(draw_pages(b"%PDF-1.7 and nothing else", document))
