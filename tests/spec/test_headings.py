"""Which lines are headings, how deep they are, and to which section a passage belongs."""

from dataclasses import replace

import pytest

from evitable.extract.paper import extract_document
from evitable.segment.passages import segment_document
from evitable.segment.sentences import sentence_pipeline
from support.papers import Paragraph, Typed, cells, flowed, on_one_page, typed_pdf
from support.prose import PARAGRAPHS

NLP = sentence_pipeline()
BOLD, ITALIC, SANS = "Times-Bold", "Times-Italic", "Helvetica"
TITLE = Paragraph("Keys, kettles and kerbs", font=BOLD, size=18, justified=False)
SAYS = "What the keys changed"


def heading(text, font="Times-Roman", size=10.0, before=12):
    return Paragraph(text, font=font, size=size, before=before, justified=False)


def paper(*parts):
    """Set a paper: title, abstract and introduction, and what comes after."""
    opening = [TITLE, heading("Abstract", BOLD, 12), PARAGRAPHS[0], heading("Introduction", BOLD, 12), PARAGRAPHS[1]]
    pages = flowed([*opening, *parts, *PARAGRAPHS[8:]], [(72, 80, 770)] * 3, measure=400)
    return typed_pdf([page for page in pages if page])


@pytest.fixture
def headings(engine):
    """Read a PDF: its headings with their levels, but for those of abstract and introduction."""

    def found(data):
        document = extract_document(data, "p1", engine=engine)
        named = [(block.level, document.text_of(block)) for block in document.blocks if block.kind == "heading"]
        assert named[:2] == [(1, "Abstract"), (1, "Introduction")]
        said = [document.text_of(block) for block in document.blocks if block.kind in {"body", "list"}]
        assert said[-4:] == list(PARAGRAPHS[8:])
        return named[2:]

    return found


@pytest.mark.parametrize(
    "said",
    [
        heading(SAYS, BOLD),
        heading(SAYS, size=11),
        heading(SAYS, BOLD, 12),
        heading(SAYS.upper()),
        heading(SAYS, ITALIC),
        heading(SAYS, ITALIC, before=0),
        heading(SAYS, BOLD, 9),
        heading(SAYS, ITALIC, 9),
        heading(SAYS, SANS),
        heading(f"2.1 {SAYS}"),
        heading(f"2.1. {SAYS}", ITALIC),
        heading(f"{SAYS}: the second year of the work in the harbour", BOLD),
        heading("Whose keys?", ITALIC),
        heading(f"A. {SAYS}", ITALIC),
        heading("IV. WHO PAID FOR IT", BOLD),
        heading("F I N D I N G S"),
    ],
    ids=lambda said: f"{said.font} {said.size}: {said.text}",
)
def test_a_short_line_that_stands_out_above_a_paragraph_is_a_heading(headings, said):
    assert [text for _, text in headings(paper(said, PARAGRAPHS[2]))] == [said.text]


def test_small_capitals_are_a_heading(headings):
    line = [Typed(72, 470, "W"), Typed(82, 470, "HAT", size=8), Typed(101, 470, "C"), Typed(108, 470, "HANGED", size=8)]
    above = on_one_page([TITLE, heading("Abstract", BOLD, 12), PARAGRAPHS[0]])
    below = on_one_page([heading("Introduction", BOLD, 12), PARAGRAPHS[1]], top=240)
    page = [*above, *below, *line, *on_one_page(PARAGRAPHS[8:], top=490)]
    assert headings(typed_pdf([page])) == [(2, "WHAT CHANGED")]


@pytest.mark.parametrize("font", [BOLD, ITALIC])
def test_a_heading_of_two_lines_is_one_heading(engine, font):
    said = "What the keys changed for the young people of the harbour and for the youth workers"
    parts = [TITLE, PARAGRAPHS[0], heading(said, font), *PARAGRAPHS[1:4]]
    document = extract_document(typed_pdf(flowed(parts, [(72, 80, 770)])), "p1", engine=engine)
    assert [document.text_of(block) for block in document.blocks if block.kind == "heading"] == [said]


@pytest.mark.parametrize("said", ["Case study 1", "Perspectives on co-production", "Between the beans", "Own time"])
@pytest.mark.parametrize("font", [BOLD, ITALIC])
def test_a_heading_may_say_anything(headings, said, font):
    assert headings(paper(heading(said, font), PARAGRAPHS[2])) == [(2, said)]


@pytest.mark.parametrize(
    ("lead", "font", "found"),
    [
        ("2.1. Search strategies.", BOLD, (2, "2.1. Search strategies.")),
        ("2.1. Search strategies.", ITALIC, (2, "2.1. Search strategies.")),
        ("Search strategies.", BOLD, (2, "Search strategies.")),
        ("Search strategies.", ITALIC, (2, "Search strategies.")),
        ("Data collection:", BOLD, (2, "Data collection:")),
        ("Who kept the keys.", "Times-BoldItalic", (2, "Who kept the keys.")),
    ],
)
def test_a_heading_may_stand_on_the_first_line_of_its_paragraph(engine, headings, lead, font, found):
    data = paper(Paragraph(PARAGRAPHS[2], lead=lead, lead_font=font), PARAGRAPHS[3])
    assert headings(data) == [found]
    document = extract_document(data, "p1", engine=engine)
    body = [document.text_of(block) for block in document.blocks if block.kind == "body"]
    assert body[2:4] == [PARAGRAPHS[2], PARAGRAPHS[3]]


def test_a_heading_that_takes_most_of_the_first_line_does_not_cut_its_paragraph(read):
    lead = "Who paid for the kettle and the grapes in the first year."
    found = read(paper(Paragraph(PARAGRAPHS[2], lead=lead), PARAGRAPHS[3]))
    assert found[found.index(("heading", lead)) + 1] == ("body", PARAGRAPHS[2])


SPOKEN = "We had the keys before we had the plan, and that was better."


@pytest.mark.parametrize(
    "parts",
    [
        [Paragraph(SPOKEN, lead="Nurse 3:", indent=20)],
        [Paragraph(SPOKEN, lead="Young woman, 17:", indent=20)],
        [Paragraph(SPOKEN, lead="Interviewer:", lead_font=ITALIC, indent=20)],
        [heading("Nurse 3:", BOLD), Paragraph(SPOKEN, indent=20)],
        [Paragraph(SPOKEN, font=ITALIC)],
        [Paragraph(f"“{SPOKEN}”", font=ITALIC, indent=20)],
        [Paragraph("The keys came first and the plan came second.", font=BOLD)],
        [Paragraph("The keys came first. Then came the plan", font=BOLD)],
        [Paragraph("grows on the walls of the shed that the group built.", lead="Linaria muralis", lead_font=ITALIC)],
        [Paragraph("was the book that the group read first of all.", lead="A House of Doors", lead_font=ITALIC)],
        [Paragraph("was the book that all of them read.", lead="A House of Doors.", lead_font=ITALIC)],
        [Paragraph("the group had a key, nobody wanted to have one.", lead="Before", lead_font=ITALIC)],
        [Paragraph("is what the group called an evening alone.", lead="Own time")],
    ],
    ids=lambda parts: f"{parts[0].lead_font if parts[0].lead else parts[0].font}: {parts[0].lead} {parts[0].text[:20]}",
)
def test_these_are_no_headings(headings, parts):
    assert headings(paper(*parts, PARAGRAPHS[2])) == []


@pytest.mark.parametrize(("left", "top"), [(72, 420), (380, 470)])
def test_an_italic_line_that_stands_far_from_the_next_paragraph_is_no_heading(headings, left, top):
    above = on_one_page([TITLE, heading("Abstract", BOLD, 12), PARAGRAPHS[0]])
    below = on_one_page([heading("Introduction", BOLD, 12), PARAGRAPHS[1]], top=240)
    alone = Typed(left, top, "Painted by the members", font=ITALIC)
    assert headings(typed_pdf([[*above, *below, alone, *on_one_page(PARAGRAPHS[8:], top=490)]])) == []


def test_a_bold_head_of_a_table_is_no_heading(headings):
    caption = Typed(72, 420, "Table 1. Who came to the meetings", size=9)
    head = [replace(cell, font=BOLD) for cell in cells([("Season", "Residents")], [72, 200], top=436)]
    rows = cells([("Spring", "14"), ("Autumn", "22")], [72, 200], top=448)
    above = on_one_page([TITLE, heading("Abstract", BOLD, 12), PARAGRAPHS[0]])
    below = on_one_page([heading("Introduction", BOLD, 12), PARAGRAPHS[1]], top=240)
    page = [*above, *below, caption, *head, *rows, *on_one_page(PARAGRAPHS[8:], top=490)]
    assert headings(typed_pdf([page])) == []


def test_a_number_says_how_deep_a_heading_is(headings):
    said = ["3. Findings", "3.1 What the keys changed", "3.1.1 The first year", "3.2 Who paid", "4 Discussion"]
    parts = [part for head, text in zip(said, PARAGRAPHS[2:7], strict=True) for part in (heading(head, BOLD), text)]
    assert headings(paper(*parts)) == list(zip([1, 2, 3, 2, 1], said, strict=True))


def test_without_numbers_the_look_of_introduction_is_the_first_level_and_lesser_looks_are_deeper(headings):
    data = paper(
        *(heading("Findings", BOLD, 12), heading(SAYS, BOLD), heading("The first year", ITALIC), PARAGRAPHS[2]),
        *(heading("The second year", ITALIC), PARAGRAPHS[3], heading("Who paid", BOLD), PARAGRAPHS[4]),
        *(Paragraph(PARAGRAPHS[5], lead="Vouchers."), heading("Discussion", BOLD, 12), PARAGRAPHS[6]),
    )
    assert headings(data) == [
        (1, "Findings"),
        (2, SAYS),
        (3, "The first year"),
        (3, "The second year"),
        (2, "Who paid"),
        (4, "Vouchers."),
        (1, "Discussion"),
    ]


def sections(data, engine):
    document = extract_document(data, "p1", engine=engine)
    return [(passage.section, passage.section_kind, passage.text) for passage in segment_document(document, NLP)]


def test_each_passage_knows_the_headings_above_it_and_the_kind_of_its_section(engine):
    data = paper(
        *(heading("Methods", BOLD, 12), PARAGRAPHS[2], heading("Who was asked", ITALIC), PARAGRAPHS[3]),
        *(heading("Findings", BOLD, 12), heading(SAYS, ITALIC), PARAGRAPHS[4]),
        *(heading("Keys and kerbs", BOLD, 12), PARAGRAPHS[5]),
    )
    assert sections(data, engine)[:6] == [
        (("Abstract",), "abstract", PARAGRAPHS[0]),
        (("Introduction",), "introduction", PARAGRAPHS[1]),
        (("Methods",), "methods", PARAGRAPHS[2]),
        (("Methods", "Who was asked"), "methods", PARAGRAPHS[3]),
        (("Findings", SAYS), "findings", PARAGRAPHS[4]),
        (("Keys and kerbs",), "other", PARAGRAPHS[5]),
    ]


@pytest.mark.parametrize("colon", ["Methods:", "Methods."])
def test_the_parts_of_a_structured_abstract_belong_to_the_abstract(engine, colon):
    opening = [TITLE, heading("Abstract", BOLD, 12), Paragraph(PARAGRAPHS[0], lead="Background:")]
    opening += [Paragraph(PARAGRAPHS[1], lead=colon), heading("Introduction", BOLD, 12), PARAGRAPHS[2]]
    data = typed_pdf([on_one_page([*opening, heading("Methods", BOLD, 12), *PARAGRAPHS[3:6]])])
    assert sections(data, engine)[:4] == [
        (("Abstract", "Background:"), "abstract", PARAGRAPHS[0]),
        (("Abstract", colon), "abstract", PARAGRAPHS[1]),
        (("Introduction",), "introduction", PARAGRAPHS[2]),
        (("Methods",), "methods", PARAGRAPHS[3]),
    ]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        *(("Materials and methods", "methods"), ("What we found", "findings"), ("Literature review", "background")),
        *(("Introdução", "introduction"), ("Metodologia", "methods"), ("Resultados", "findings")),
        *(("Méthodes", "methods"), ("Discussão", "discussion"), ("Conclusiones", "conclusion")),
    ],
)
def test_the_name_of_a_section_says_its_kind(engine, said, kind):
    data = paper(heading(said, BOLD, 12), PARAGRAPHS[2])
    assert ((said,), kind, PARAGRAPHS[2]) in sections(data, engine)
