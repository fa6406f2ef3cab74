"""Which letters and words a page holds, however its file sets them."""

from dataclasses import replace

import pytest

from evitable.extract.paper import extract_document
from support.papers import (
    LETTERS,
    Typed,
    letters_apart,
    on_one_page,
    shuffled,
    typed_pdf,
    width,
    words_apart,
)
from support.prose import PARAGRAPHS

LINES = on_one_page(PARAGRAPHS[:2])
BODY = [("body", paragraph) for paragraph in PARAGRAPHS[:2]]


def set_lines(*lines, top=300):
    """Set lines in a font that has all letters."""
    return [Typed(72, top + 12 * index, line, font=LETTERS, size=9) for index, line in enumerate(lines)]


def in_a_row(*parts, top=300):
    """Set pieces side by side; a number or numbers are superscripts, in smaller type."""
    pieces, left = [], 72.0
    for part in parts:
        raised = part.strip("0123456789,–") == ""
        pieces.append(Typed(left, top - 4, part, size=6) if raised else Typed(left, top, part))
        left = pieces[-1].right
    return pieces


@pytest.mark.parametrize("apart", [words_apart, letters_apart])
def test_words_are_parted_where_the_file_writes_no_spaces(read, apart):
    assert read(typed_pdf([apart(LINES)])) == BODY


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("The oﬃce had ﬁve ﬂoors and a staﬀ of nine.", "The office had five floors and a staff of nine."),
        ("The e\u0301cole in Ma\u0301laga was theirs.", "The école in Málaga was theirs."),
        ("Members came from Łódź and Šibenik as well.", "Members came from Łódź and Šibenik as well."),
        ("The group\u00a0of ten met\u00a0in the mill by night.", "The group of ten met in the mill by night."),
        ("“Nobody asked us” – so the members’ answer.", "“Nobody asked us” – so the members’ answer."),
    ],
    ids=["ligatures", "combining accents", "letters of other languages", "no-break spaces", "quotation marks"],
)
def test_letters_come_out_as_a_reader_would_write_them(read, printed, said):
    assert read(typed_pdf([[*LINES, *set_lines(printed)]])) == [*BODY, ("body", said)]


ACCENTS = [
    ("They met in the caf", "´e", " of the lower town.", "They met in the café of the lower town."),
    ("They met at ", "´E", "va’s house in the lower town.", "They met at Éva’s house in the lower town."),
    ("They met the m", "¨u", "ller of the lower town.", "They met the müller of the lower town."),
    ("They came from M", "´ı", "kines and the lower town.", "They came from Míkines and the lower town."),
    ("They spoke fran", "¸c", "ais in the lower town.", "They spoke français in the lower town."),
    ("They met in the se", "˜n", "or’s house.", "They met in the señor’s house."),
]


@pytest.mark.parametrize("accented", ACCENTS, ids=[accent for _, accent, _, _ in ACCENTS])
@pytest.mark.parametrize("first", ["accent", "letter"])
def test_an_accent_that_is_printed_over_a_letter_belongs_to_it(read, accented, first):
    before, (accent, letter), after, said = accented
    [lead] = set_lines(before)
    base = replace(lead, left=lead.right, text=letter)
    mark = replace(base, text=accent)
    mark = replace(mark, left=base.left + (width(base) - width(mark)) / 2)
    both = [mark, base] if first == "accent" else [base, mark]
    line = [lead, *both, replace(base, left=base.right, text=after)]
    assert read(typed_pdf([[*LINES, *line]])) == [*BODY, ("body", said)]


@pytest.mark.parametrize(
    ("above", "below", "said"),
    [
        ("They co-production said, and co-", "production meant.", "They co-production said, and co-production meant."),
        ("Wherever they met, and wher-", "ever the keys were.", "Wherever they met, and wherever the keys were."),
        ("A patient-led group, and patient-", "led meetings.", "A patient-led group, and patient-led meetings."),
        ("There was to be another meet\u00ad", "ing in the mill.", "There was to be another meeting in the mill."),
        ("The plans of the years 2014–", "2019 were lost.", "The plans of the years 2014–2019 were lost."),
    ],
)
def test_a_word_that_a_line_end_parts_is_rejoined_as_the_paper_writes_it(read, above, below, said):
    assert read(typed_pdf([[*LINES, *set_lines(above, below)]])) == [*BODY, ("body", said)]


CITED = [
    *in_a_row("Trust grew slowly", "12,13", " in all three towns, and nobody", "4", " had planned it"),
    *in_a_row("when the keys were handed over.", "7–9", " Then the members left", "10", " again.", top=312),
]
CITED_SAYS = (
    "Trust grew slowly12,13 in all three towns, and nobody4 had planned it "
    "when the keys were handed over.7–9 Then the members left10 again."
)


@pytest.mark.parametrize("setting", [list, letters_apart, lambda pieces: shuffled(words_apart(pieces))])
def test_raised_citation_numbers_stay_at_their_word_and_in_their_line(read, setting):
    assert read(typed_pdf([setting([*LINES, *CITED])])) == [*BODY, ("body", CITED_SAYS)]


def with_drop_cap(first, size, deep):
    """Set a paragraph whose first letter is as high as some lines, which stand beside it."""
    cap = Typed(72, 300 + 12 * (deep - 1), first[0], size=size)
    lines = [
        first[1:],
        "plan the clinic, and each decision of the group",
        "was written on a chart that all could read.",
    ]
    beside = cap.right + 3
    return [
        cap,
        *(Typed(beside if row < deep else 72, 300 + 12 * row, line) for row, line in enumerate(lines)),
    ]


@pytest.mark.parametrize(("size", "deep"), [(28, 2), (46, 3)])
@pytest.mark.parametrize("word", ["Residents", "RESIDENTS"])
def test_a_first_letter_that_is_several_lines_high_belongs_to_its_word(read, word, size, deep):
    first = f"{word} and nurses met in the hall to"
    said = f"{first} plan the clinic, and each decision of the group was written on a chart that all could read."
    assert read(typed_pdf([[*LINES, *with_drop_cap(first, size, deep)]])) == [*BODY, ("body", said)]


def test_a_first_letter_that_is_a_word_by_itself_stays_one(read):
    said = "A group of nurses met in the hall to plan the clinic, and each decision of the group "
    said += "was written on a chart that all could read."
    page = [*LINES, *with_drop_cap("A group of nurses met in the hall to", 28, 2)]
    assert read(typed_pdf([page])) == [*BODY, ("body", said)]


def twice_by_the_line(pieces):
    return [copy for piece in pieces for copy in (piece, replace(piece, left=piece.left + 0.3))]


def twice_by_the_letter(pieces):
    return twice_by_the_line(letters_apart(pieces))


def four_times(pieces):
    return [replace(piece, left=piece.left + shift) for piece in pieces for shift in (0, 0.2, 0.4, 0.6)]


@pytest.mark.parametrize("printed", [twice_by_the_line, twice_by_the_letter, four_times])
def test_text_that_is_printed_over_itself_to_look_bold_is_read_once(read, printed):
    false = Typed(72, 300, "What the members did with the keys and who kept them for the year")
    assert read(typed_pdf([[*LINES, *printed([false])]])) == [*BODY, ("body", false.text)]


def scaled(by):
    return lambda line: replace(line, size=line.size / by, spacing=line.spacing / by, matrix=(by, 0, 0, by))


SETTINGS = {
    "italic by a slanted matrix": lambda line: replace(line, matrix=(1, 0, 0.21, 1)),
    "invisible, as over a scan": lambda line: replace(line, mode=3),
    "half the size, scaled by two": scaled(2),
    "size 1, scaled by ten": scaled(10),
    "size 100, scaled by a tenth": scaled(0.1),
    "a negative size in a flipped matrix": scaled(-1),
}


@pytest.mark.parametrize("setting", SETTINGS)
@pytest.mark.parametrize("among", ["alone", "among other lines"])
def test_upright_text_is_read_however_the_file_comes_to_its_look(read, setting, among):
    lines = [
        SETTINGS[setting](line) if among == "alone" or index % 3 == 1 else line for index, line in enumerate(LINES)
    ]
    assert read(typed_pdf([lines])) == BODY


@pytest.mark.parametrize("setting", SETTINGS)
def test_the_type_size_is_the_one_that_is_seen(engine, setting):
    data = typed_pdf([[SETTINGS[setting](line) for line in LINES]])
    assert [block.size for block in extract_document(data, "p1", engine=engine).blocks] == [10, 10]


def test_text_in_a_form_that_the_page_shows_is_read(read):
    assert read(typed_pdf([LINES], form=True)) == BODY


@pytest.mark.parametrize("matrix", [(0, 1, -1, 0), (0, -1, 1, 0), (0.7, 0.7, -0.7, 0.7), (-1, 0, 0, -1)])
def test_text_that_does_not_stand_upright_is_kept_apart(read, matrix):
    said = "Lent by the library of the lower town"
    turned = Typed(300, 500, said, size=12, matrix=matrix)
    found = read(typed_pdf([[*LINES[:4], turned, *LINES[4:]]]))
    assert found[:2] == BODY
    assert {kind for kind, _ in found[2:]} == {"watermark"}
    assert "".join(text for _, text in found[2:]).replace(" ", "") == said.replace(" ", "")


@pytest.mark.parametrize("matrix", [(0, 1, -1, 0), (0, -1, 1, 0)])
def test_text_that_is_turned_by_a_quarter_keeps_its_words(read, matrix):
    said = "Lent by the library of the lower town"
    assert read(typed_pdf([[*LINES, Typed(300, 500, said, size=12, matrix=matrix)]])) == [*BODY, ("watermark", said)]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_page_that_is_turned_when_it_is_shown_reads_as_any_other(engine, rotation):
    straight, turned = (
        extract_document(typed_pdf([LINES], rotation=turn), "p1", engine=engine) for turn in (0, rotation)
    )
    assert turned == straight


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_what_the_crop_box_cuts_off_is_not_read_and_boxes_start_at_its_corner(engine, rotation):
    outside = [Typed(72, 20, "Marks of the printer"), Typed(10, 300, "beside")]
    whole = extract_document(typed_pdf([LINES], rotation=rotation), "p1", engine=engine)
    data = typed_pdf([[*LINES, *outside]], crop=(50, 60, 560, 800), rotation=rotation)
    cut = extract_document(data, "p1", engine=engine)
    assert cut.text == whole.text
    assert [(page.width, page.height) for page in cut.pages] == [(510, 740)]
    boxes = [(line.box, moved.box) for line, moved in zip(whole.blocks[0].lines, cut.blocks[0].lines, strict=True)]
    for box, moved in boxes:
        assert moved == pytest.approx((box[0] - 50, box[1] - 60, box[2] - 50, box[3] - 60), abs=0.15)


def test_a_large_letter_printed_behind_the_text_takes_no_letter_from_it(read):
    line = next(line for line in LINES if " T" in line.text)
    left = replace(line, text=line.text[: line.text.index("T")]).right
    for down in range(32, 46, 2):
        behind = Typed(left + 1, line.top + down, "T", size=60)
        assert [block for block in read(typed_pdf([[behind, *LINES]])) if len(block[1]) > 1] == BODY
