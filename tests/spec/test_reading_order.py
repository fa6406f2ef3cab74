"""In which order a page is read, however its file writes it."""

from dataclasses import replace

import pytest

from support.papers import (
    Typed,
    cells,
    flowed,
    letters_apart,
    on_one_page,
    row_by_row,
    shuffled,
    typed_pdf,
    words_apart,
)
from support.prose import PARAGRAPHS

TITLE = Typed(100, 70, "Who holds the keys of the youth club?", font="Times-Bold", size=18)
CAPTION = Typed(
    60, 300, "Table 1. Who came to the meetings, by season and by the side of the river they live on", size=9
)
TABLE = cells(
    [("Season", "Residents", "Officers", "Meetings"), ("Spring", "14", "3", "9"), ("Autumn", "22", "5", "11")],
    [60, 190, 320, 450],
    top=318,
)
TABLE_SAYS = "Season Residents Officers Meetings Spring 14 3 9 Autumn 22 5 11"
HEAD = "Shared services: seven towns"


def body(paragraphs):
    return [("body", paragraph) for paragraph in paragraphs]


def across(columns):
    """Write the columns row by row."""
    return row_by_row([line for lines in columns for line in lines])


def one_by_one(columns):
    return [line for lines in columns for line in lines]


WRITINGS = {
    "column by column": one_by_one,
    "the last column first": lambda columns: one_by_one(columns[::-1]),
    "row by row over all columns": across,
    "from the foot of the page up": lambda columns: one_by_one(columns)[::-1],
    "each word by itself in any order": lambda columns: shuffled(words_apart(one_by_one(columns))),
    "each letter by itself, column by column": lambda columns: letters_apart(one_by_one(columns)),
    "each letter by itself, row by row": lambda columns: letters_apart(across(columns)),
}


IN_LINES = [
    "column by column",
    "the last column first",
    "row by row over all columns",
    "each letter by itself, column by column",
    "each letter by itself, row by row",
]
CUT_ALONG = pytest.mark.xfail(reason="order._by_regions: rows of a table are cut where the gutter of the text goes on")


@pytest.fixture(params=WRITINGS)
def written(request):
    """Every way to write the columns of a page."""
    return WRITINGS[request.param]


def test_one_column_is_read_from_the_top_down(read, written):
    assert read(typed_pdf([written([on_one_page(PARAGRAPHS[:6])])])) == body(PARAGRAPHS[:6])


def test_two_columns_are_read_one_after_the_other(read, written):
    columns = flowed(PARAGRAPHS[:9], [(60, 80, 480), (310, 80, 700)])
    assert read(typed_pdf([written(columns)])) == body(PARAGRAPHS[:9])


def test_three_columns_are_read_one_after_the_other(read, written):
    columns = flowed(PARAGRAPHS[:8], [(40, 80, 400), (215, 80, 400), (390, 80, 700)], measure=160)
    assert read(typed_pdf([written(columns)])) == body(PARAGRAPHS[:8])


def test_two_columns_written_row_by_row_are_read_one_after_the_other_where_the_right_one_is_half_as_long(read):
    columns = flowed(PARAGRAPHS[:4], [(60, 100, 340), (310, 100, 700)])
    assert len(columns[1]) < 0.6 * len(columns[0])
    assert read(typed_pdf([across(columns)])) == body(PARAGRAPHS[:4])


@pytest.mark.parametrize("numbers", [(201, 202, 203), (9, 10, 11)])
def test_running_heads_and_page_numbers_over_the_gutter_do_not_mix_the_columns(read, written, numbers):
    pages = []
    for index, number in enumerate(numbers):
        left, right = flowed(PARAGRAPHS[4 * index : 4 * index + 4], [(60, 100, 290), (310, 100, 700)])
        edges = [Typed(60, 40, HEAD, size=8), Typed(294, 805, str(number), size=8)]
        pages.append(written([left, right, edges]))
    assert read(typed_pdf(pages)) == body(PARAGRAPHS) + [
        ("running_head", said) for number in numbers for said in (HEAD, str(number))
    ]


@pytest.mark.parametrize("writing", [*IN_LINES, "each word by itself in any order"])
def test_a_title_over_both_columns_is_read_before_them(read, writing):
    columns = flowed(PARAGRAPHS[:8], [(60, 120, 420), (310, 120, 700)])
    expected = [("title", TITLE.text), *body(PARAGRAPHS[:8])]
    assert read(typed_pdf([WRITINGS[writing]([[TITLE], *columns])])) == expected


def test_a_title_that_the_file_writes_last_is_still_the_title_and_the_text_is_still_body_text(read):
    columns = flowed(PARAGRAPHS[:8], [(60, 120, 420), (310, 120, 700)])
    assert sorted(read(typed_pdf([[*one_by_one(columns), TITLE]]))) == sorted(
        [("title", TITLE.text), *body(PARAGRAPHS[:8])]
    )


def halves_and_a_table(write):
    """Give a page with two columns above a table and two below it, each part written in its own way."""
    above = flowed(PARAGRAPHS[:3], [(60, 120, 260), (310, 120, 280)])
    below = flowed(PARAGRAPHS[3:9], [(60, 400, 580), (310, 400, 700)])
    return [*write(above), *write([[CAPTION, *TABLE]]), *write(below)]


@pytest.mark.parametrize("writing", IN_LINES)
def test_a_table_over_both_columns_parts_the_page_into_an_upper_and_a_lower_half(read, writing):
    found = read(typed_pdf([on_one_page(PARAGRAPHS[9:]), halves_and_a_table(WRITINGS[writing])]))
    assert [said for kind, said in found if kind == "body"] == [*PARAGRAPHS[9:], *PARAGRAPHS[:9]]


@pytest.mark.parametrize(
    "writing",
    [
        "column by column",
        "each letter by itself, column by column",
        pytest.param("row by row over all columns", marks=CUT_ALONG),
        pytest.param("the last column first", marks=CUT_ALONG),
    ],
)
def test_a_table_over_both_columns_stays_whole(read, writing):
    found = read(typed_pdf([on_one_page(PARAGRAPHS[9:]), halves_and_a_table(WRITINGS[writing])]))
    place = found.index(("caption", CAPTION.text))
    assert found[place - 1 : place + 3] == [
        ("body", PARAGRAPHS[2]),
        ("caption", CAPTION.text),
        ("table", TABLE_SAYS),
        ("body", PARAGRAPHS[3]),
    ]


@pytest.mark.xfail(reason="lines.PIECE_GAP: a gap as wide as a short word joins two words that stand around it")
def test_words_that_are_written_around_a_short_one_are_not_neighbours(read):
    words = words_apart(on_one_page(PARAGRAPHS[2:6]))
    assert read(typed_pdf([words[::2] + words[1::2]])) == body(PARAGRAPHS[2:6])


def table_at_the_top(left):
    caption = Typed(left, 80, "Table 2. Meetings of the partners by year", size=9)
    rows = [("Year", "Meetings", "Members"), ("2011", "9", "31"), ("2012", "12", "28")]
    found = [("caption", caption.text), ("table", "Year Meetings Members 2011 9 31 2012 12 28")]
    return [caption, *cells(rows, [left, left + 80, left + 160], top=98)], found


@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_a_table_at_the_top_of_a_column_cuts_no_paragraph_wherever_the_file_writes_it(read, place):
    left, right = flowed(PARAGRAPHS[:7], [(60, 80, 400), (310, 180, 700)])
    table, found = table_at_the_top(310)
    orders = {"before": [*table, *left, *right], "between": [*left, *table, *right], "after": [*left, *right, *table]}
    blocks = read(typed_pdf([orders[place]]))
    assert [block for block in blocks if block not in found] == body(PARAGRAPHS[:7])
    assert [block for block in blocks if block in found] == found


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_box_in_the_margin_cuts_no_paragraph_wherever_the_file_writes_it(read, place):
    text = flowed(PARAGRAPHS[:4], [(200, 80, 700)], measure=330)[0]
    box = [
        Typed(60, 120 + 11 * index, said, font="Helvetica", size=8)
        for index, said in enumerate(["Received in May", "Revised in June", "Printed in town"])
    ]
    blocks = read(typed_pdf([[*box, *text] if place == "before" else [*text, *box]]))
    assert [said for _, said in blocks if said in PARAGRAPHS] == list(PARAGRAPHS[:4])
    assert len(blocks) == 5


FOOTNOTE = Typed(72, 760, "1 The rota is kept at the desk of the shed and is open to all.", size=8)


def test_a_paragraph_goes_on_over_the_page(read):
    first, second = flowed(PARAGRAPHS[:4], [(72, 80, 210), (72, 80, 700)], measure=400)
    assert read(typed_pdf([first, second])) == body(PARAGRAPHS[:4])


def test_a_paragraph_goes_on_over_the_page_past_a_footnote_and_a_figure(read):
    first, second = flowed(PARAGRAPHS[:4], [(72, 80, 210), (72, 240, 700)], measure=400)
    figure = Typed(72, 200, "Figure 1. The path of a referral, drawn on wallpaper", size=9)
    pages = [on_one_page(PARAGRAPHS[4:8]), [*first, FOOTNOTE], [figure, *second]]
    assert read(typed_pdf(pages)) == [
        *body(PARAGRAPHS[4:8]),
        *body(PARAGRAPHS[:3]),
        ("footnote", FOOTNOTE.text),
        ("caption", figure.text),
        ("body", PARAGRAPHS[3]),
    ]


def test_a_paragraph_goes_on_below_a_figure_in_its_column(read):
    above, below = flowed(PARAGRAPHS[:4], [(72, 80, 180), (72, 420, 700)], measure=400)
    figure = Typed(72, 390, "Figure 1. The path of a referral, drawn on wallpaper", size=9)
    assert read(typed_pdf([[*above, figure, *below]])) == [
        *body(PARAGRAPHS[:3]),
        ("caption", figure.text),
        ("body", PARAGRAPHS[3]),
    ]


def test_a_paragraph_that_a_page_parts_between_two_sentences_is_one(read):
    first, second = flowed(PARAGRAPHS[:6], [(72, 80, 330), (72, 80, 700)], measure=400)
    assert first[-1].text.endswith(".")
    assert first[-1].spacing > 0
    assert read(typed_pdf([first, second])) == body(PARAGRAPHS[:6])


@pytest.mark.parametrize("setting", [list, words_apart, lambda lines: shuffled(words_apart(lines))])
def test_a_line_that_is_stretched_to_its_measure_is_no_table(read, setting):
    said = ["When they were asked for the reasons, the", "therapists nonetheless remembered"]
    said += ["all that the parents had told them on the day", "on which they met."]
    lines = [Typed(84 if row == 0 else 72, 300 + 12 * row, line) for row, line in enumerate(said)]
    full = [replace(line, spacing=(297 - line.right) / line.text.count(" ")) for line in lines[:-1]]
    assert full[1].spacing > 40
    page = [*on_one_page(PARAGRAPHS[:2]), *full, lines[-1]]
    assert read(typed_pdf([setting(page)])) == body([*PARAGRAPHS[:2], " ".join(said)])


def test_lines_that_are_stretched_to_a_narrow_measure_are_no_table(read):
    columns = flowed(PARAGRAPHS[:4], [(60 + 122 * column, 80, 700) for column in range(4)], measure=110)
    assert read(typed_pdf([one_by_one(columns)])) == body(PARAGRAPHS[:4])


def test_a_paragraph_that_ended_is_not_joined_with_the_next_page(read):
    pages = [on_one_page(PARAGRAPHS[:2]), on_one_page(PARAGRAPHS[2:4])]
    assert read(typed_pdf(pages)) == body(PARAGRAPHS[:4])


@pytest.mark.parametrize("word", ["for", "it", "was"])
def test_a_short_word_that_ends_a_sentence_at_the_head_of_a_page_is_no_list_item(read, word):
    above, below = "Nobody could find out what the first sensors had been put up", "The figures came from the gates."
    pages = [[*on_one_page(PARAGRAPHS[:3]), *on_one_page([above], top=300)], on_one_page([f"{word}. {below}"])]
    assert read(typed_pdf(pages)) == body([*PARAGRAPHS[:3], f"{above} {word}. {below}"])
