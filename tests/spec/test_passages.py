"""What is coded: paragraphs of body text, and runs of sentences of long ones."""

import pytest

from evitable.extract.paper import extract_document
from evitable.segment.passages import segment_document
from evitable.segment.sentences import sentence_pipeline
from support.papers import column, paper_pdf, printed_pdf

NLP = sentence_pipeline()
BODY = "Residents and the two officers walked through the streets and wrote down what had to be mended before winter."


def passages(paragraphs):
    return segment_document(extract_document(paper_pdf(paragraphs), "p1"), NLP)


def test_a_short_paragraph_is_one_passage():
    assert [passage.text for passage in passages([BODY, BODY.replace("two", "three")])] == [
        BODY,
        BODY.replace("two", "three"),
    ]


def test_a_long_paragraph_is_cut_between_sentences_into_passages_of_similar_length():
    long = " ".join(BODY.replace("two", str(number)) for number in range(20))
    cut = passages([long])
    assert len(cut) == 4
    assert " ".join(passage.text for passage in cut) == long
    assert all(passage.text.endswith("winter.") for passage in cut)
    assert all(60 <= len(passage.text.split()) <= 150 for passage in cut)


def test_headings_references_and_acknowledgements_are_never_coded():
    cut = passages(
        ["Introduction", BODY, "Acknowledgements", BODY.replace("two", "kind"), "References", f"Ada, A. (2012). {BODY}"]
    )
    assert [passage.text for passage in cut] == [BODY]


def test_a_passage_knows_its_section_and_pages():
    [passage] = passages(["Results", BODY])
    assert (passage.section, passage.section_kind, passage.pages) == (("Results",), "findings", (1,))
    assert passage.page_labels == ("1",)


def test_equal_paragraphs_are_told_apart():
    first, second = passages([BODY, BODY])
    assert first.text == second.text
    assert first.id != second.id


def test_a_paragraph_that_a_page_parts_is_one_passage_on_two_pages():
    top = column(["The county and the residents agreed that the money should go first", "to the taps that most"])
    rest = column(["households could reach on foot, and the list was read out twice."])
    cut = segment_document(extract_document(printed_pdf([top, rest]), "p1"), NLP)
    assert [(passage.pages, passage.text.endswith("twice.")) for passage in cut] == [((1, 2), True)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rained. We stayed.", 2),
        ("As Ada et al. wrote, it rained.", 1),
        ("See Fig. 2 for details. It is small.", 2),
        ("They met (e.g. in May). Nobody spoke.", 2),
        ("Dr. Ada came on 3.5 occasions. Then B. Bo left.", 2),
        ("“Nobody asked us.” So we left.", 2),
        ("Costs fell by 5 p.c. in the U.S. market.", 1),
    ],
)
def test_where_a_sentence_ends(text, sentences):
    assert len(list(NLP(text).sents)) == sentences
