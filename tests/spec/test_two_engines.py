"""The same paper gives the same text: each time, and with either engine."""

from functools import cache
from pathlib import Path

import pytest

from evitable.extract.paper import extract_document
from evitable.records import encode

CORPUS = Path(__file__).parents[2] / "corpus"
SPECIMENS = sorted(path.stem for path in CORPUS.glob("*.pdf"))


def extract(name, engine):
    return extract_document((CORPUS / f"{name}.pdf").read_bytes(), "p1", engine=engine)


@cache
def document(name, engine):
    return extract(name, engine)


def blocks(name, engine):
    found = document(name, engine)
    return [(block.kind, block.level, block.bold, found.text_of(block)) for block in found.blocks]


def body_lines(name, engine):
    return [line for block in document(name, engine).blocks if block.kind in {"body", "list"} for line in block.lines]


def test_there_are_twelve_specimens():
    assert len(SPECIMENS) == 12


@pytest.mark.parametrize("name", SPECIMENS)
def test_reading_a_paper_again_gives_the_same_bytes(name, engine):
    assert encode(extract(name, engine)) == encode(document(name, engine))


@pytest.mark.parametrize("name", SPECIMENS)
def test_both_engines_give_the_same_blocks_in_the_same_order(name):
    assert blocks(name, "pdfminer") == blocks(name, "pdfium")


@pytest.mark.parametrize("name", SPECIMENS)
def test_both_engines_find_each_line_of_the_body_text_at_the_same_place(name):
    for one, other in zip(body_lines(name, "pdfminer"), body_lines(name, "pdfium"), strict=True):
        assert one.page == other.page
        assert one.box == pytest.approx(other.box, abs=2)


@pytest.mark.parametrize("name", SPECIMENS)
def test_both_engines_say_the_same_of_the_paper_and_its_pages(name):
    miner, pdfium = (document(name, engine) for engine in ("pdfminer", "pdfium"))
    assert (miner.metadata, miner.pages) == (pdfium.metadata, pdfium.pages)
