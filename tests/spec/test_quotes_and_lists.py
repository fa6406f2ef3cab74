"""What people said and what was listed is evidence: it stays body text, whatever its type."""

from dataclasses import replace

import pytest

from support.papers import Paragraph, Typed, cells, on_one_page, typed_pdf, width
from support.prose import PARAGRAPHS

TITLE = Paragraph("Keys, kettles and kerbs", font="Times-Bold", size=18, justified=False)
FINDINGS = Paragraph("Findings", font="Times-Bold", size=12, before=12, justified=False)
FIRST = on_one_page([TITLE, *PARAGRAPHS[6:9]])
GIRL = (
    "We had the keys before we had the plan, and that was better, for nobody could take the evening from us. (Girl, 17)"
)
DRIVER = "I rode the line for nine years and never saw that there was no kerb at the mill. (Driver, line nine)"


def quote(said, *, size=9.0, font="Times-Roman", lead="", before=8):
    return Paragraph(said, font=font, size=size, lead=lead, indent=24, before=before)


def after(text):
    """Set a paragraph with the gap that stands below a quote."""
    return Paragraph(text, before=8)


@pytest.fixture
def findings(besides):
    """Read a page of findings, behind a first page or as the first one itself: what stands on it besides paragraphs."""

    def found(*parts, on_first_page=False):
        says = [part.text if isinstance(part, Paragraph) else part for part in parts]
        kept = [said for said in says if said in PARAGRAPHS]
        if on_first_page:
            blocks = besides(typed_pdf([on_one_page([TITLE, PARAGRAPHS[6], FINDINGS, *parts])]), [PARAGRAPHS[6], *kept])
        else:
            pages = [FIRST, on_one_page([FINDINGS, *parts])]
            blocks = besides(typed_pdf(pages), [*PARAGRAPHS[6:9], *kept])
        assert blocks[:2] == [("title", TITLE.text), ("heading", "Findings")]
        return blocks[2:]

    return found


@pytest.mark.parametrize("font", ["Times-Roman", "Times-Italic"])
@pytest.mark.parametrize("size", [9, 8])
@pytest.mark.parametrize("on_first_page", [False, True])
def test_a_quote_that_stands_in_is_body_text_in_smaller_type_too(findings, size, font, on_first_page):
    parts = [PARAGRAPHS[0], quote(GIRL, size=size, font=font), after(PARAGRAPHS[1])]
    parts += [quote(DRIVER, size=size, font=font), after(PARAGRAPHS[2]), *PARAGRAPHS[3:5]]
    assert findings(*parts, on_first_page=on_first_page) == [("body", GIRL), ("body", DRIVER)]


@pytest.mark.parametrize(
    ("said", "font"),
    [
        ("“Nobody asked us.”", "Times-Roman"),
        ("They never asked.", "Times-Italic"),
        ("They never asked us before. (Driver)", "Times-Roman"),
        ("They never asked us before. (Driver)", "Times-Italic"),
    ],
)
def test_a_quote_of_a_few_words_is_body_text(findings, said, font):
    assert findings(PARAGRAPHS[0], quote(said, font=font), after(PARAGRAPHS[1])) == [("body", said)]


@pytest.mark.parametrize("lead", ["Nurse 3:", "P12:", "Interviewer:"])
@pytest.mark.parametrize("on_first_page", [False, True])
def test_a_quote_with_its_speaker_is_one_block(findings, lead, on_first_page):
    parts = [PARAGRAPHS[0], quote(DRIVER, lead=lead), after(PARAGRAPHS[1]), *PARAGRAPHS[2:4]]
    assert findings(*parts, on_first_page=on_first_page) == [("body", f"{lead} {DRIVER}")]


def test_a_quote_that_stands_in_is_body_text_of_its_own_in_the_same_type(findings):
    parts = [PARAGRAPHS[0], quote(GIRL, size=10), after(PARAGRAPHS[1]), quote(DRIVER, size=10), after(PARAGRAPHS[2])]
    assert findings(*parts) == [("body", GIRL), ("body", DRIVER)]
    assert findings(*parts, on_first_page=True) == [("body", GIRL), ("body", DRIVER)]


def test_two_quotes_are_two_blocks(findings):
    parts = [PARAGRAPHS[0], quote(GIRL), quote(DRIVER), after(PARAGRAPHS[1])]
    assert findings(*parts) == [("body", GIRL), ("body", DRIVER)]


def test_a_quote_right_below_a_heading_is_body_text(findings):
    assert findings(quote(GIRL), after(PARAGRAPHS[0]), PARAGRAPHS[1]) == [("body", GIRL)]


def test_a_quote_some_lines_below_a_table_is_body_text(besides):
    caption = Typed(72, 80, "Table 1. Who came to the meetings", size=9)
    table = cells([("Season", "Residents"), ("Spring", "14"), ("Autumn", "22")], [72, 320], top=98)
    text = on_one_page([quote(GIRL), after(PARAGRAPHS[0]), PARAGRAPHS[1]], top=180)
    found = besides(typed_pdf([FIRST, [caption, *table, *text]]), [*PARAGRAPHS[6:9], *PARAGRAPHS[:2]])
    assert found[1:] == [
        ("caption", caption.text),
        ("table", "Season Residents Spring 14 Autumn 22"),
        ("body", GIRL),
    ]


LINES = {
    "(2)": """The partners agreed on three things: the keys are held by the members of the club;
        (2) the plan is drawn by those who use the room in the evenings; and all the others
        (3) may come to the meetings and speak.""",
    "(1)": """The partners wrote three things down before they left the hall that year. These were
        (1) the keys are held by the members; (2) the plan is drawn by those who use the room;
        (3) the others may come.""",
    "31.": """The partners met for the first time in the spring, and then they did so again for
        12 months until they were tired of it. By the end of all this their number was but
        31. Nobody else was asked.""",
    "–": """The partners met for the first time in the spring, and then they did so once more
        – as it had been agreed – until they were tired of it. Nobody else had been asked
        – not even once – about the room.""",
    "D.": """The partners met in the spring, and they had agreed before to speak of the vitamin
        D. They all spoke of it when they met in the hall, and of nothing else in the year
        that came.""",
}


@pytest.mark.parametrize("text", LINES)
def test_numbers_and_dashes_that_happen_to_begin_a_line_are_no_list_items(besides, text):
    lines = [line.strip() for line in LINES[text].splitlines()]
    printed = [Typed(72, 300 + 12 * row, line) for row, line in enumerate(lines)]
    justified = [replace(line, spacing=(400 - width(line)) / line.text.count(" ")) for line in printed[:-1]]
    page = [*on_one_page(PARAGRAPHS[:2]), *justified, printed[-1]]
    assert besides(typed_pdf([page]), PARAGRAPHS[:2]) == [("body", " ".join(lines))]


ITEMS = [
    "The keys are held by the members of the club themselves, and by nobody else in the lower town.",
    "The plan is drawn by those who use the room in the evenings, and only then by those who know of rooms.",
    "The others may come.",
]
MARKS = {"•": "•••", "–": "–––", "a)": ["a)", "b)", "c)"], "(i)": ["(i)", "(ii)", "(iii)"], "i.": ["i.", "ii.", "iii."]}


@pytest.mark.parametrize("marks", MARKS)
def test_the_items_of_a_list_are_list_items(findings, marks):
    marked = [f"{mark} {item}" for mark, item in zip(MARKS[marks], ITEMS, strict=True)]
    items = [Paragraph(item, first=-12, indent=24, before=2) for item in marked]
    assert findings(PARAGRAPHS[0], *items, after(PARAGRAPHS[1])) == [("list", item) for item in marked]


@pytest.mark.parametrize("marks", [("1.", "2.", "3."), ("1)", "2)", "3)")])
def test_numbered_items_are_one_block_each(findings, marks):
    marked = [f"{mark} {item}" for mark, item in zip(marks, ITEMS, strict=True)]
    items = [Paragraph(item, first=-12, indent=24, before=2) for item in marked]
    found = findings(PARAGRAPHS[0], *items, after(PARAGRAPHS[1]))
    assert [said for _, said in found] == marked
    assert {kind for kind, _ in found} <= {"body", "list"}


def test_a_bullet_that_stands_apart_belongs_to_the_text_beside_it(besides):
    pieces, top = [], 250
    for item in ITEMS:
        lines = [replace(line, left=line.left + 30) for line in on_one_page([Paragraph(item)], top=top, measure=360)]
        pieces += [Typed(84, top, "•"), *lines]
        top += 12 * len(lines) + 2
    page = [*on_one_page(PARAGRAPHS[:2]), *pieces, *on_one_page(PARAGRAPHS[2:4], top=360)]
    assert besides(typed_pdf([page]), PARAGRAPHS[:4]) == [("list", f"• {item}") for item in ITEMS]
