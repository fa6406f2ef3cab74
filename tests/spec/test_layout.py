"""What is body text on a page, and what is not."""

from evitable.extract.layout.letters import clean
from evitable.extract.paper import extract_document
from support.papers import column, printed_pdf

LINE = "Patients and nurses drew the new room on paper and moved the chairs"


def kinds(pages):
    document = extract_document(printed_pdf(pages), "p1")
    return {
        kind: [document.text_of(b) for b in document.blocks if b.kind == kind]
        for kind in {b.kind for b in document.blocks}
    }


def test_two_columns_are_read_one_after_the_other():
    left = column(["The left column begins here and", "goes on to say a little more."], left=60)
    right = column(["Then comes the right column that", "has its own words to say."], left=320)
    body = kinds([left + right])["body"]
    assert body == [
        "The left column begins here and goes on to say a little more.",
        "Then comes the right column that has its own words to say.",
    ]


def test_line_numbers_of_a_manuscript_are_set_apart():
    lines = [
        (72, 100 + 20 * i, f"{LINE} {word}") for i, word in enumerate(["one", "two", "three", "four", "five", "six"])
    ]
    numbers = [(40, 100 + 20 * i, str(i + 1)) for i in range(6)]
    both = [place for pair in zip(numbers, lines, strict=True) for place in pair]
    found = kinds([both])
    assert found["line_number"] == ["1", "2", "3", "4", "5", "6"]
    assert found["body"] == [" ".join(f"{LINE} {word}" for word in ["one", "two", "three", "four", "five", "six"])]


def test_running_heads_and_page_numbers_are_set_apart():
    pages = [
        [(72, 40, "Journal of Shared Services"), *column([f"{LINE} on page {word}."]), (300, 810, str(number))]
        for number, word in enumerate(["one", "two", "three"], start=201)
    ]
    found = kinds(pages)
    assert len(found["running_head"]) == 6
    assert found["body"] == [f"{LINE} on page {word}." for word in ["one", "two", "three"]]


def test_the_printed_page_number_is_the_page_label():
    pages = [[*column([f"{LINE} {number}."]), (300, 810, str(number))] for number in range(201, 205)]
    document = extract_document(printed_pdf(pages), "p1")
    assert [page.label for page in document.pages] == ["201", "202", "203", "204"]


def test_captions_and_tables_are_set_apart():
    row = [[(72, 200 + 14 * i, "Residents"), (250, 200 + 14 * i, "12"), (330, 200 + 14 * i, "40%")] for i in range(3)]
    page = column([f"{LINE}."]) + [(72, 180, "Table 1. Who took part")] + [piece for line in row for piece in line]
    found = kinds([page])
    assert found["caption"] == ["Table 1. Who took part"]
    assert found["table"] == ["Residents 12 40% Residents 12 40% Residents 12 40%"]
    assert found["body"] == [f"{LINE}."]


def test_a_sentence_that_begins_with_a_table_is_body_text():
    assert "caption" not in kinds([column(["Table 2 shows that patients and nurses spoke more often than before."])])


def test_ligatures_and_accents_come_out_as_letters():
    assert "".join(clean(c) for c in "e\ufb03cient \ufb01eld") == "efficientfield"
    assert clean("\u00ad") == "-"
    assert clean("\x00") == ""
