"""Quotes and their pages: what was extracted rightly is found again, and what was not is not."""

import string
from functools import cache
from pathlib import Path

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from evitable.extract.engines.pdfium import page_texts
from evitable.extract.paper import extract_document
from evitable.extract.quotes import MIN_LETTERS, PageText, QuotePart, grade_quote, quote_parts
from evitable.records import squash
from evitable.segment.passages import segment_document
from evitable.segment.sentences import sentence_pipeline
from support.papers import paper_pdf

CORPUS = Path(__file__).parents[2] / "corpus"
SPECIMENS = ("moeller-2018", "figueiredo-2019", "virtanen-2018")
"""Two columns, one column, slides."""
FOUND = {"exact", "squashed"}
WORDS = st.text(alphabet=string.ascii_lowercase, min_size=1, max_size=9)
PARAGRAPHS = st.lists(
    st.lists(WORDS, min_size=10, max_size=120).map(lambda words: " ".join(words).capitalize() + "."),
    min_size=1,
    max_size=6,
)


@cache
def specimen(name):
    """Read a specimen: its document, its passages, and its pages as PDFium reads them."""
    data = (CORPUS / f"{name}.pdf").read_bytes()
    document = extract_document(data, name)
    texts = page_texts(data, frozenset(page.number for page in document.pages))
    pages = {number: PageText(text) for number, text in texts.items()}
    return document, segment_document(document, sentence_pipeline()), pages


@st.composite
def passages(draw):
    document, found, pages = specimen(draw(st.sampled_from(SPECIMENS)))
    return document, draw(st.sampled_from(found)), pages


@settings(deadline=None)
@given(passages())
def test_every_passage_of_a_specimen_is_found(given_passage):
    document, passage, pages = given_passage
    parts = quote_parts(document, passage.start, passage.end)
    assert "".join("".join(part.pieces) for part in parts) == passage.text
    assert tuple(part.page for part in parts) == passage.pages
    assert grade_quote(parts, pages) in FOUND


@settings(deadline=None)
@given(passages(), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_every_stretch_of_a_passage_is_found(given_passage, shares):
    document, passage, pages = given_passage
    start, end = (passage.start + int(share * len(passage.text)) for share in sorted(shares))
    parts = quote_parts(document, start, end)
    assume(parts)
    assume(all(len(squash(piece)) >= MIN_LETTERS for part in parts for piece in part.pieces))
    assert grade_quote(parts, pages) in FOUND


@settings(deadline=None)
@given(passages(), st.sampled_from(SPECIMENS))
def test_no_passage_is_found_in_another_paper(given_passage, other):
    document, passage, _ = given_passage
    assume(document.paper_id != other)
    pages = specimen(other)[2]
    parts = quote_parts(document, passage.start, passage.end)
    for page in pages:
        assert grade_quote([QuotePart(page, part.pieces) for part in parts], pages) == "missing"


@settings(deadline=None)
@given(passages(), st.floats(0, 1), st.floats(0, 1), WORDS)
def test_no_passage_with_a_word_changed_is_found(given_passage, share, place, word):
    document, passage, pages = given_passage
    parts = list(quote_parts(document, passage.start, passage.end))
    where = int(share * (len(parts) - 1))
    text = "".join(parts[where].pieces)
    words = text.split()
    changed = int(place * (len(words) - 1))
    assume(squash(words[changed]) != word)
    words[changed] = word
    # Beside its neighbours on the page the word may be there after all, as "b" is behind "lab".
    assume(squash(" ".join(words)) not in pages[parts[where].page]._letters)
    parts[where] = QuotePart(parts[where].page, (" ".join(words),))
    assert grade_quote(parts, pages) not in FOUND


@settings(max_examples=25, deadline=None)
@given(PARAGRAPHS)
def test_every_passage_of_any_paper_is_there_word_for_word(paragraphs):
    data = paper_pdf(paragraphs)
    document = extract_document(data, "p1")
    texts = page_texts(data, frozenset(page.number for page in document.pages))
    pages = {number: PageText(text) for number, text in texts.items()}
    for passage in segment_document(document, sentence_pipeline()):
        assert grade_quote(quote_parts(document, passage.start, passage.end), pages) == "exact"


@settings(deadline=None)
@given(st.text(), st.lists(st.text(), max_size=4))
def test_any_text_can_be_looked_for_in_any_page(page, pieces):
    grade = grade_quote([QuotePart(1, tuple(pieces))], {1: PageText(page)})
    if not squash("".join(pieces)):
        assert grade == "missing"
    if grade in FOUND and len(pieces) < 2:
        assert squash("".join(pieces)) in squash(page)


@settings(deadline=None)
@given(st.text(min_size=1))
def test_a_text_is_found_in_itself_as_whole_words(text):
    assume(squash(text))
    assert grade_quote([QuotePart(1, (text,))], {1: PageText(text)}) in FOUND
