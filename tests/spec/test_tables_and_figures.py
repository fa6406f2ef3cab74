"""Captions, tables and the words in figures: never coded, and never in the way of the text."""

from dataclasses import replace

import pytest

from support.papers import Paragraph, Typed, cells, flowed, on_one_page, typed_pdf
from support.prose import PARAGRAPHS

ABOVE, BELOW = on_one_page(PARAGRAPHS[:3]), on_one_page(PARAGRAPHS[3:6], top=420)
ROWS = [("Season", "Residents", "Officers"), ("Spring", "14", "3"), ("Autumn", "22", "5")]
SAYS = "Season Residents Officers Spring 14 3 Autumn 22 5"
CAPTION = "Table 1. Who came to the meetings, by season"
FIGURE = "Figure 2. How the members came to the keys"


def table(*, top=300, size=9, lefts=(72, 200, 330), rows=ROWS):
    return cells(rows, lefts, top=top, size=size)


def line(top, said, size=9, **look):
    return Typed(72, top, said, size=size, **look)


@pytest.fixture
def between(besides):
    """Read a page with these pieces between its paragraphs, behind a first page."""
    title = Paragraph("Keys, kettles and kerbs", font="Times-Bold", size=18, justified=False)
    first = on_one_page([title, *PARAGRAPHS[6:9]])

    def found(*pieces):
        data = typed_pdf([first, [*ABOVE, *pieces, *BELOW]])
        named, *blocks = besides(data, [*PARAGRAPHS[6:9], *PARAGRAPHS[:6]])
        assert named == ("title", title.text)
        return blocks

    return found


@pytest.mark.parametrize("size", [8, 9, 10])
def test_a_table_below_its_caption(between, size):
    assert between(line(284, CAPTION, size), *table(size=size)) == [("caption", CAPTION), ("table", SAYS)]


@pytest.mark.parametrize("size", [8, 9, 10])
def test_a_table_above_its_caption(between, size):
    assert between(*table(size=size), line(344, CAPTION, size)) == [("table", SAYS), ("caption", CAPTION)]


@pytest.mark.parametrize("size", [8, 9, 10])
def test_a_table_without_a_caption(between, size):
    assert between(*table(size=size)) == [("table", SAYS)]


def test_a_table_that_is_narrower_than_its_caption(between):
    rows = [row[:2] for row in ROWS]
    assert between(line(284, CAPTION), *table(lefts=(72, 150), rows=rows)) == [
        ("caption", CAPTION),
        ("table", "Season Residents Spring 14 Autumn 22"),
    ]


@pytest.mark.parametrize("captioned", [True, False])
@pytest.mark.parametrize("size", [9, 10])
def test_lines_that_go_on_within_a_cell_belong_to_the_table(between, captioned, size):
    rows = [
        ("Season", "What was said of it", "Meetings"),
        ("Spring", "The keys were handed over and", "9"),
        ("", "nobody asked for them back", ""),
        ("Autumn", "The kettle was given to the club", "11"),
        ("", "by the pharmacist of the ward", ""),
    ]
    caption = [line(284, CAPTION, size)] if captioned else []
    found = between(*caption, *table(size=size, lefts=(72, 160, 330), rows=rows))
    assert {kind for kind, said in found if said != CAPTION} == {"table"}
    assert " ".join(said for _, said in found).endswith(
        "The kettle was given to the club 11 by the pharmacist of the ward"
    )


@pytest.mark.parametrize(
    ("note", "size"),
    [
        ("Source: minutes of the partners, as they were kept by the tenants.", 8),
        ("Note: officers of the council are counted once in each year.", 10),
        ("a Officers of the council are counted once in each year.", 8),
    ],
)
def test_a_note_under_a_table_belongs_to_it(between, note, size):
    assert between(line(284, CAPTION), *table(), line(340, note, size)) == [
        ("caption", CAPTION),
        ("table", SAYS),
        ("table", note),
    ]


@pytest.mark.parametrize(
    "said",
    [
        CAPTION,
        FIGURE,
        "Fig. 3: The way of a referral",
        "Box 1 What the members wrote",
        "Table A1. Letters to the council",
        "FIGURE 2 Way of a referral",
        "Tabla 1. Reuniones del barrio",
    ],
)
@pytest.mark.parametrize("font", ["Times-Roman", "Times-Bold"])
def test_these_are_captions(between, said, font):
    assert between(line(330, said, font=font)) == [("caption", said)]


def test_a_caption_of_two_lines_is_one_caption(between):
    first, second = line(330, f"{FIGURE}, as they told it"), line(341, "in the first year of the work.")
    assert between(first, second) == [("caption", f"{first.text} {second.text}")]


def test_a_title_under_the_number_of_a_table_is_a_caption_too(between):
    number = line(284, "Table 1", 10, font="Times-Bold")
    title = line(296, "Who came to the meetings of the partners, by season", 10, font="Times-Italic")
    assert between(number, title, *table(top=312)) == [
        ("caption", number.text),
        ("caption", title.text),
        ("table", SAYS),
    ]


@pytest.mark.parametrize(
    "said",
    [
        *("Table 2 shows", "Figure 3 presents", "Table 2 and Table 3 list", "Table 2 provides", "Figure 2 describes"),
        *("Fig. 2 outlines", "Table 2 contains", "Table 2 is", "Table 2 below shows"),
        "Table 2 (overleaf) shows",
    ],
)
def test_a_paragraph_that_begins_with_a_table_is_body_text(read, said):
    paragraph = f"{said} what the members saw of the way of a referral, from the first letter to the last one. This "
    paragraph += "is what the youth workers had not expected of them at all, since nobody had asked them before."
    text = [*PARAGRAPHS[:2], paragraph, *PARAGRAPHS[2:4]]
    assert read(typed_pdf([on_one_page(text)])) == [("body", said) for said in text]


WORDS = [
    Typed(100, 300, "Members", font="Helvetica", size=8),
    Typed(250, 320, "The council asks for a plan first", font="Helvetica", size=8),
    Typed(90, 345, "Keys and kettles", font="Helvetica", size=8),
    Typed(300, 355, "Asked in May", font="Helvetica", size=8),
]


@pytest.mark.parametrize("size", [9, 10])
def test_the_words_in_a_figure_are_no_body_text(between, size):
    words = [("table", word.text) for word in WORDS]
    assert between(*WORDS, line(376, FIGURE, size)) == [*words, ("caption", FIGURE)]


@pytest.mark.xfail(reason="regions._touches: what stands beside the end of the caption is not below it")
def test_the_words_in_a_figure_are_no_body_text_below_its_caption_either(between):
    words = [("table", word.text) for word in WORDS]
    assert between(line(288, FIGURE), *WORDS) == [("caption", FIGURE), *words]


def test_a_bold_caption_on_a_first_page_without_title_is_no_title(besides):
    page = [*ABOVE, *table(), line(344, CAPTION, font="Times-Bold"), *BELOW]
    assert besides(typed_pdf([page]), PARAGRAPHS[:6]) == [("table", SAYS), ("caption", CAPTION)]


def test_a_table_between_the_lines_of_a_column_cuts_no_paragraph(besides):
    above, below, right = flowed(PARAGRAPHS[:9], [(60, 80, 300), (60, 420, 600), (310, 80, 700)])
    narrow = [replace(cell, left=0.8 * cell.left) for cell in table(top=350)]
    data = typed_pdf([[*above, Typed(60, 334, CAPTION, size=9), *narrow, *below, *right]])
    assert besides(data, PARAGRAPHS[:9]) == [("caption", CAPTION), ("table", SAYS)]
