"""Boxes: where a stretch of text stands on the picture of its page."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from evitable.extract.paper import extract_document
from evitable.records import Block, Document, Line, Page, Reference
from evitable.web.boxes import boxes, pages
from evitable.web.picture_worker import draw
from support.marked import turned
from support.pdf_bytes import PROSE, good


def document(*lines: Line, width: float = 200, height: float = 400) -> Document:
    text = "x" * max(line.end for line in lines)
    return Document(
        paper_id="p1",
        text=text,
        pages=tuple(Page(number=number, label="", width=width, height=height) for number in (1, 2)),
        blocks=(Block(kind="body", start=0, end=len(text), lines=lines),),
        metadata=Reference(),
        extractor="test",
    )


FIRST = Line(page=1, box=(20, 100, 120, 120), start=0, end=50)
SECOND = Line(page=1, box=(20, 120, 120, 140), start=51, end=101)
OVERLEAF = Line(page=2, box=(20, 40, 120, 60), start=102, end=152)
PAPER = document(FIRST, SECOND, OVERLEAF)


def test_each_printed_line_gives_a_box_as_parts_of_its_page() -> None:
    assert boxes(PAPER, 0, 101, 1) == [(0.1, 0.25, 0.5, 0.05), (0.1, 0.3, 0.5, 0.05)]


def test_only_lines_of_the_page_asked_for_are_given() -> None:
    assert boxes(PAPER, 0, 152, 2) == [(0.1, 0.1, 0.5, 0.05)]
    assert pages(PAPER, 0, 152) == [1, 2]
    assert pages(PAPER, 0, 50) == [1]


def test_a_line_that_is_partly_in_the_stretch_is_cut() -> None:
    assert boxes(PAPER, 25, 61, 1) == [(0.35, 0.25, 0.25, 0.05), (0.1, 0.3, 0.1, 0.05)]


@pytest.mark.parametrize(("start", "end", "page"), [(10, 10, 1), (20, 10, 1), (0, 50, 2), (0, 50, 3), (900, 950, 1)])
def test_what_is_not_on_the_page_gives_no_boxes(start: int, end: int, page: int) -> None:
    assert boxes(PAPER, start, end, page) == []


def test_text_beyond_the_paper_s_edge_stays_on_the_picture() -> None:
    beyond = document(Line(page=1, box=(-20, 390, 400, 420), start=0, end=10))
    assert boxes(beyond, 0, 10, 1) == [(0.0, 0.975, 1.0, 0.025)]


def test_a_page_without_a_size_gives_no_boxes() -> None:
    assert boxes(document(FIRST, width=0), 0, 50, 1) == []


def ink(picture: Image.Image, box: tuple[float, float, float, float]) -> float:
    """Give which share of a box of a picture is dark."""
    inside = picture.crop(box)
    return sum(inside.histogram()[:128]) / (inside.width * inside.height)


@pytest.mark.parametrize(
    "pdf",
    [good(pages=1), *(turned(angle, 30) for angle in (0, 90, 180, 270))],
    ids=["upright", "cropped", "turned by 90", "by 180", "by 270"],
)
def test_the_boxes_of_a_real_page_lie_on_its_ink(pdf: bytes) -> None:
    read = extract_document(pdf, "p1")
    start = read.text.index(PROSE[:20])
    found = boxes(read, start, start + len(PROSE), 1)
    assert len(found) >= 5
    with Image.open(io.BytesIO(draw(pdf, 1, 1000))) as picture:
        grey = picture.convert("L")
        wide, high = grey.size
        for left, top, across, down in found:
            assert ink(grey, (left * wide, top * high, (left + across) * wide, (top + down) * high)) > 0.04
        bottom = max(top + down for _, top, _, down in found)
        assert ink(grey, (0, bottom * high + 10, wide, high)) == 0, "there is none below the last line"
