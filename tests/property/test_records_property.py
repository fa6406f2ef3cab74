"""Promises that hold for any input."""

import base64
import hashlib
import string
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from evitable.aggregate import aggregate_evidence
from evitable.codebook import default_codebook
from evitable.export.clean import CELL_LIMIT, clean_text, csv_text, sheet_text
from evitable.extract.paper import extract_document
from evitable.records import PaperCoding, decode, digest, encode, squash
from evitable.segment.passages import segment_document
from evitable.segment.sentences import sentence_pipeline
from support.evidence import DIMENSIONS, coded_paper
from support.papers import paper_pdf

BOOK = default_codebook()
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=9)
PARAGRAPHS = st.lists(
    st.lists(WORDS, min_size=10, max_size=120).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=6,
)
SAID = st.tuples(
    st.sampled_from(sorted(DIMENSIONS)),
    st.sampled_from(["", "facilitates", "hinders"]),
    st.integers(30, 99).map(lambda n: n / 100),
)


@cache
def pipeline():
    return sentence_pipeline()


@settings(max_examples=25, deadline=None)
@given(PARAGRAPHS)
def test_every_passage_and_line_slices_back_to_its_text(paragraphs):
    document = extract_document(paper_pdf(paragraphs), "p1")
    for passage in segment_document(document, pipeline()):
        assert document.text[passage.start : passage.end] == passage.text
        assert passage.places
    ends = 0
    for block in document.blocks:
        assert block.start >= ends
        ends = block.end
        assert all(block.start <= line.start <= line.end <= block.end for line in block.lines)


@settings(max_examples=25, deadline=None)
@given(PARAGRAPHS)
def test_no_letter_of_a_paper_is_lost(paragraphs):
    document = extract_document(paper_pdf(paragraphs), "p1")
    assert squash(document.text) == squash(" ".join(paragraphs))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(SAID, max_size=4), max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_papers_never_matters(papers, random):
    made = [
        coded_paper(
            f"paper{number}",
            {f"text {number}": list({said[0]: said for said in codes}.values())},
            author=f"N{number % 2}, A.",
            year=2000,
        )
        for number, codes in enumerate(papers)
    ]
    shuffled = random.sample(made, len(made))
    assert encode(aggregate_evidence(made, BOOK)) == encode(aggregate_evidence(shuffled, BOOK))


@given(st.lists(SAID, max_size=5))
def test_records_come_back_from_disk_as_they_were(codes):
    coding = coded_paper("one", {"text": codes}).coding
    assert decode(encode(coding), PaperCoding) == coding


@given(st.text(alphabet=st.characters(exclude_categories=[]), max_size=60))
def test_cleaning_is_done_once_and_for_all(text):
    once = clean_text(text)
    assert clean_text(once) == once
    once.encode("utf-8")
    assert not csv_text(text).startswith(("=", "+", "-", "@", "\t", "\r"))
    assert len(sheet_text(text * 600)) <= CELL_LIMIT


@given(st.text(max_size=20), st.text(max_size=20))
def test_ids_tell_parts_apart(first, second):
    assert digest("x", first, second) == digest("x", first, second)
    if first != second:
        assert digest("x", first, second) != digest("x", second, first)
        assert digest("x", first + second) != digest("x", first, second)


@given(st.lists(st.one_of(st.text(), st.binary()), max_size=4))
def test_an_id_is_the_base32_of_eighty_bits_in_small_letters(parts: list[str | bytes]) -> None:
    made = digest("x", *parts)
    data = [part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part for part in parts]
    sha = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in data)).digest()
    assert made == "x" + base64.b32encode(sha[:10]).decode("ascii").lower()
