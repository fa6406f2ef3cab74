"""Captions, tables and the words in figures: never coded, and never in the way of the text."""

from dataclasses import replace

import pytest

from support.papers import Typed, cells, flowed, on_one_page, typed_pdf
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
    """Read a page with these pieces between its paragraphs."""
    return lambda *pieces: besides(typed_pdf([[*ABOVE, *pieces, *BELOW]]), PARAGRAPHS[:6])


@pytest.mark.parametrize("size", [8, 9, 10])
def test_a_table_below_its_caption(between, size):
    assert between(line(284, CAPTION, size), *table(size=size)) == [("caption", CAPTION), ("table", SAYS)]


@pytest.mark.parametrize("size", [8, 9, 10])
def test_a_table_above_its_caption(between, size):
    assert between(*table(size=size), line(344, CAPTION, size)) == [("table", SAYS), ("caption", CAPTION)]


@pytest.mark.parametrize("size", [8, 9, 10])
def test_a_table_without_a_caption(between, size):
    assert between(*table(size=size)) == [("table", SAYS)]


@pytest.mark.xfail(reason="lines._justified: a row with the left edge of the line above counts as a stretched line")
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


@pytest.mark.xfail(reason="regions.name_tables: below a caption only smaller type belongs to it")
def test_a_title_under_the_number_of_a_table_is_a_caption_too(between):
    number = line(284, "Table 1", 10, font="Times-Bold")
    title = line(296, "Who came to the meetings of the partners, by season", 10, font="Times-Italic")
    assert between(number, title, *table(top=312)) == [
        ("caption", number.text),
        ("caption", title.text),
        ("table", SAYS),
    ]


VERBS = pytest.mark.xfail(reason="kinds._reads_on: knows a few verbs only behind the number of a table")


@pytest.mark.parametrize(
    "said",
    [
        "Table 2 shows",
        "Figure 3 presents",
        "Table 2 and Table 3 list",
        *(
            pytest.param(f"Table 2 {verb}", marks=VERBS)
            for verb in ("provides", "describes", "outlines", "contains", "is", "below shows", "(overleaf) shows")
        ),
    ],
)
def test_a_paragraph_that_begins_with_a_table_is_body_text(read, said):
    paragraph = f"{said} what the members saw of the way of a referral, from the first letter to the last one. This "
    paragraph += "is what the youth workers had not expected of them at all, since nobody had asked them before."
    text = [*PARAGRAPHS[:2], paragraph, *PARAGRAPHS[2:4]]
    assert read(typed_pdf([on_one_page(text)])) == [("body", said) for said in text]


def words_in_a_figure(top):
    places = [(100, 0, "Members"), (200, 20, "Council"), (150, 40, "Keys and kettles"), (300, 50, "Asked in May")]
    return [Typed(left, top + down, said, font="Helvetica", size=8) for left, down, said in places]


@pytest.mark.parametrize("size", [9, 10])
def test_the_words_in_a_figure_are_no_body_text(between, size):
    words = words_in_a_figure(300)
    assert between(*words, line(376, FIGURE, size)) == [*(("table", word.text) for word in words), ("caption", FIGURE)]


def test_the_words_in_a_figure_are_no_body_text_below_its_caption_either(between):
    words = words_in_a_figure(310)
    assert between(line(290, FIGURE), *words) == [("caption", FIGURE), *(("table", word.text) for word in words)]


def test_a_table_between_the_lines_of_a_column_cuts_no_paragraph(besides):
    above, below, right = flowed(PARAGRAPHS[:9], [(60, 80, 300), (60, 420, 600), (310, 80, 700)])
    narrow = [replace(cell, left=0.8 * cell.left) for cell in table(top=350)]
    data = typed_pdf([[*above, Typed(60, 334, CAPTION, size=9), *narrow, *below, *right]])
    assert besides(data, PARAGRAPHS[:9]) == [("caption", CAPTION), ("table", SAYS)]
