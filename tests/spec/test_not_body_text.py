"""What stands on the edges of pages and under the text: heads, numbers, notices, footnotes."""

import pytest

from evitable.extract.paper import extract_document
from support.papers import Paragraph, Typed, flowed, letters_apart, on_one_page, typed_pdf
from support.prose import PARAGRAPHS

PLACES = {"head": (72, 50), "right head": (300, 50), "foot": (280, 800)}
ODD, EVEN = "Shared services in six towns", "Brennan and Kohl: Who holds the keys of the club in the harbour?"


def set_at(place, said):
    left, top = PLACES[place]
    return Typed(left, top, said, size=8)


def paper(edges, pages=4):
    """Set three paragraphs on each page, with what the function gives for the page's index."""
    return typed_pdf(
        [[*on_one_page(PARAGRAPHS[3 * page : 3 * page + 3], top=110), *edges(page)] for page in range(pages)]
    )


EDGES = {
    "the same on two pages": (2, lambda page: [("head", ODD)]),
    "a head and a page number": (4, lambda page: [("head", ODD), ("foot", str(201 + page))]),
    "odd and even pages differ": (4, lambda page: [("head", EVEN) if page % 2 else ("right head", ODD)]),
    "the number in the head": (4, lambda page: [("head", f"{201 + page} {EVEN if page % 2 else ODD}")]),
    "Page 3 of 4": (4, lambda page: [("foot", f"Page {page + 1} of 4")]),
    "3/4": (4, lambda page: [("foot", f"{page + 1}/4")]),
    "– 3 –": (4, lambda page: [("foot", f"– {page + 1} –")]),
    "e203": (4, lambda page: [("foot", f"e{page + 201}")]),
    "203": (2, lambda page: [("foot", str(203 + page))]),
    "iv": (4, lambda page: [("foot", ["iii", "iv", "v", "vi"][page])]),
    "the owner of the rights": (4, lambda page: [("foot", "© Town Press. All rights reserved.")]),
    "journal and library": (4, lambda page: [("head", "Town Services 2015;12:201"), ("foot", "Lent on 3 May 2015")]),
}


@pytest.mark.parametrize("edge", EDGES)
def test_what_comes_back_at_the_edge_of_the_pages_is_a_running_head(besides, edge):
    pages, edges = EDGES[edge]
    data = paper(lambda page: [set_at(*found) for found in edges(page)], pages)
    assert besides(data, PARAGRAPHS[: 3 * pages]) == [
        ("running_head", said) for page in range(pages) for _, said in edges(page)
    ]


def test_a_head_that_comes_once_where_other_pages_have_theirs_is_a_running_head(besides):
    data = paper(lambda page: [set_at("head", EVEN if page % 2 else ODD)], 3)
    assert besides(data, PARAGRAPHS[:9]) == [("running_head", said) for said in (ODD, EVEN, ODD)]


def test_a_line_of_text_that_comes_back_within_the_pages_stays_body_text(besides):
    said = "So they said, and so they did it in the end, year by year."
    data = paper(lambda page: [Typed(72, 400, said)], 3)
    assert besides(data, PARAGRAPHS[:9]) == [("body", said)] * 3


NUMBERS = {
    "in the foot": (201, lambda page: ("foot", str(201 + page))),
    "behind the head": (201, lambda page: ("head", f"{ODD} {201 + page}")),
    "before the head": (201, lambda page: ("head", f"{201 + page} {ODD}")),
    "not on the first page": (201, lambda page: ("foot", str(201 + page) if page else "Town Press")),
    "Page 1 of 4": (1, lambda page: ("foot", f"Page {page + 1} of 4")),
    "a year that is no page number": (1, lambda page: ("head", "Town Services 2015")),
}


@pytest.mark.parametrize("place", NUMBERS)
def test_a_page_is_called_by_the_number_that_is_printed_on_it(engine, place):
    first, edge = NUMBERS[place]
    document = extract_document(paper(lambda page: [set_at(*edge(page))]), "p1", engine=engine)
    assert [page.label for page in document.pages] == [str(first + page) for page in range(4)]


def numbered(first, paragraphs, *, left, order):
    """Set a page of a manuscript with a number beside each line."""
    lines = flowed(paragraphs, [(90, 80, 800)], measure=380, leading=2)[0]
    numbers = [Typed(left, line.top, str(first + row), size=8) for row, line in enumerate(lines)]
    pairs = [piece for pair in zip(numbers, lines, strict=True) for piece in pair]
    return {"first": [*numbers, *lines], "each before its line": pairs, "last": [*lines, *numbers]}[order]


@pytest.mark.parametrize("left", [50, 500])
@pytest.mark.parametrize("order", ["first", "each before its line", "last"])
@pytest.mark.parametrize("through", [False, True])
def test_the_line_numbers_of_a_manuscript_are_set_apart(besides, left, order, through):
    pages, first = [], 1
    for page in range(3):
        pages.append(numbered(first, PARAGRAPHS[4 * page : 4 * page + 4], left=left, order=order))
        first += len(pages[-1]) // 2 if through else 0
    found = besides(typed_pdf(pages), PARAGRAPHS)
    counts = [len(page) // 2 for page in pages]
    expected = range(1, sum(counts) + 1) if through else [row + 1 for count in counts for row in range(count)]
    assert found == [("line_number", str(number)) for number in expected]


def test_sixty_numbers_beside_a_page_that_do_not_stand_at_its_lines_are_set_apart(besides):
    numbers = [Typed(30, 60 + 12 * row, str(row + 1), size=8) for row in range(60)]
    pages = [[*numbers, *on_one_page(PARAGRAPHS[page : page + 3])] for page in (0, 3)]
    assert besides(typed_pdf(pages), PARAGRAPHS[:6]) == [("line_number", str(row + 1)) for row in range(60)] * 2


@pytest.mark.parametrize("matrix", [(0, 1, -1, 0), (0, -1, 1, 0)])
@pytest.mark.parametrize("setting", [list, letters_apart])
def test_a_line_up_the_margin_is_a_watermark(besides, matrix, setting):
    said = "Lent by the library of the lower town on 3 May"
    data = typed_pdf([[Typed(30, 400, said, size=8, matrix=matrix), *setting(on_one_page(PARAGRAPHS[:4]))]])
    assert besides(data, PARAGRAPHS[:4]) == [("watermark", said)]


def test_a_watermark_over_the_page_cuts_no_paragraph(besides):
    mark = Typed(150, 600, "DRAFT FOR MEMBERS", size=50, matrix=(0.7, 0.7, -0.7, 0.7))
    lines = on_one_page(PARAGRAPHS[:4])
    [(kind, said)] = besides(typed_pdf([[*lines[:5], mark, *lines[5:]]]), PARAGRAPHS[:4])
    assert (kind, said.replace(" ", "")) == ("watermark", "DRAFTFORMEMBERS")


LETTERS_PART = pytest.mark.xfail(reason="lines.printed_lines: words of slanting text are parted by their distance in x")


@pytest.mark.parametrize("engine", [pytest.param("pdfminer", marks=LETTERS_PART), "pdfium"])
def test_the_words_of_a_watermark_over_the_page_stay_whole(besides, engine):
    mark = Typed(150, 600, "DRAFT FOR MEMBERS", size=50, matrix=(0.7, 0.7, -0.7, 0.7))
    data = typed_pdf([[mark, *on_one_page(PARAGRAPHS[:4])]])
    assert besides(data, PARAGRAPHS[:4]) == [("watermark", "DRAFT FOR MEMBERS")]


@pytest.mark.parametrize(
    "said",
    [
        "© 2015 Town Press. All rights reserved. No part of it may be printed elsewhere.",
        "This is an open access article under a Creative Commons licence.",
        "Received: 3 May 2014; accepted: 4 June 2014",
        "To cite this article: Brennan O. Who holds the keys? Town Services 2015;12:201",
    ],
)
def test_what_the_publisher_says_is_front_matter(besides, said):
    page = [*on_one_page(PARAGRAPHS[:3]), Typed(72, 700, said, size=8)]
    assert besides(typed_pdf([page, on_one_page(PARAGRAPHS[3:6])]), PARAGRAPHS[:6]) == [("front_matter", said)]


def test_a_paragraph_that_speaks_of_a_licence_stays_body_text(read):
    said = f"{PARAGRAPHS[3]} The plan was printed under a Creative Commons licence so that other clubs could use it."
    assert ("body", said) in read(typed_pdf([on_one_page([*PARAGRAPHS[:3], said])]))


NOTE = "The rota is kept at the desk of the shed and is open to all."


@pytest.mark.parametrize(
    "note",
    [
        [Typed(72, 760, f"1 {NOTE}", size=8)],
        [Typed(72, 757, "1", size=5), Typed(76.5, 760, NOTE, size=8)],
        [Typed(72, 750, f"1 {NOTE} Some come in the", size=8), Typed(72, 760, "evening to write.", size=8)],
        [Typed(72, 760, f"* {NOTE}", size=8)],
        [Typed(72, 760, f"† {NOTE}", size=8)],
    ],
    ids=["number", "raised number", "two lines", "asterisk", "dagger"],
)
def test_a_note_under_the_text_is_a_footnote(besides, note):
    pages = [on_one_page(PARAGRAPHS[:3]), [*on_one_page(PARAGRAPHS[3:6]), *note], on_one_page(PARAGRAPHS[6:9])]
    said = " ".join(piece.text for piece in note)
    assert besides(typed_pdf(pages), PARAGRAPHS[:9]) == [("footnote", said)]


def test_two_notes_are_two_footnotes(besides):
    notes = [Typed(72, 748, f"1 {NOTE}", size=8), Typed(72, 758, "2 The kettle was a gift.", size=8)]
    pages = [on_one_page(PARAGRAPHS[:3]), [*on_one_page(PARAGRAPHS[3:6]), *notes]]
    assert besides(typed_pdf(pages), PARAGRAPHS[:6]) == [("footnote", note.text) for note in notes]


@pytest.mark.parametrize(("mark", "kind"), [("*", "front_matter"), ("1", "footnote")])
def test_under_the_first_page_an_asterisk_speaks_of_the_authors_and_a_number_of_the_text(besides, mark, kind):
    title = Paragraph("Keys, kettles and kerbs", font="Times-Bold", size=18)
    note = Typed(72, 760, f"{mark} {NOTE}", size=8)
    data = typed_pdf([[*on_one_page([title, *PARAGRAPHS[:3]]), note], on_one_page(PARAGRAPHS[3:6])])
    assert besides(data, PARAGRAPHS[:6]) == [("title", title.text), (kind, note.text)]
