"""The check of exported quotes against the PDF's own text, from bytes to issues; and that it can fail."""

import dataclasses
import io

import msgspec
import openpyxl
import pytest

from evitable.aggregate import aggregate_evidence
from evitable.classify.attributes import AttributeFinder
from evitable.codebook import default_codebook
from evitable.errors import ItemError
from evitable.export import export_review
from evitable.extract import check
from evitable.extract.check import check_quotes
from evitable.extract.engines import pdfium
from evitable.extract.paper import extract_document
from evitable.records import Attribute, Line, PaperCoding, Prediction, QuoteChecks
from evitable.segment.passages import segment_document
from evitable.segment.sentences import sentence_pipeline
from support.evidence import coded_paper
from support.papers import column, paper_pdf, printed_pdf
from support.review import small_review

BOOK = default_codebook()
STREETS = (
    "Residents and two officers walked through the streets and wrote down what had to be mended first; the list that "
    "they brought home took both sides two more evenings, since every lamp and kerb had somebody to speak for it."
)
VISITS = (
    "Nurses kept their own register of visits, and showed it to nobody until the spring after the audit was over and "
    "the clinic in Denmark had been given its new wing, with a garden that patients had planned."
)
DATA = paper_pdf([STREETS, VISITS])


@pytest.fixture(scope="module")
def document():
    return extract_document(DATA, "p1")


@pytest.fixture(scope="module")
def passages(document):
    return segment_document(document, sentence_pipeline())


def coding(passages, *attributes):
    """Code all passages but the last."""
    predictions = tuple(
        Prediction(passage_id=passage.id, dimension="d", code="c", probability=0.9, model_id="m", codebook_version="v")
        for passage in passages[:-1]
    )
    return PaperCoding(paper_id="p1", predictions=predictions, attributes=attributes)


def attribute(quote, page):
    return Attribute(name="country", value="Denmark", quote=quote, page=page)


def changed(document, old, new):
    """Sabotage the extraction: other words of the same length, so that all spans stay."""
    assert len(old) == len(new)
    assert old in document.text
    return msgspec.structs.replace(document, text=document.text.replace(old, new))


def checked(document, data=DATA):
    passages = segment_document(document, sentence_pipeline())
    return [check_quotes(data, document, passages, coding(passages)).matches[passages[0].id]]


def test_every_passage_is_found_for_people_may_code_it_and_quotes_of_the_reference_record_are_not_looked_for(
    document, passages
):
    given = coding(passages, attribute("clinic in Denmark", 1), attribute("Title of the record", 0))
    checks = check_quotes(DATA, document, passages, given)
    found = {passage.id: "exact" for passage in passages} | {"attribute country Denmark": "exact"}
    assert checks == QuoteChecks(paper_id="p1", matches=found)


def test_the_check_fails_where_the_extraction_is_wrong(document):
    assert checked(document) == ["exact"]
    assert checked(changed(document, "Residents and", "RESIDENTS and")) == ["squashed"]
    assert checked(changed(document, "two officers", "two teachers")) == ["fuzzy"]
    assert checked(changed(document, STREETS[:90], ("Quite other words. " * 9)[:90])) == ["missing"]


def test_the_check_fails_where_the_layout_is_wrong(document, passages):
    blocks = document.blocks
    [block] = [block for block in blocks if document.text_of(block).startswith("Residents")]
    assert len(block.lines) >= 3
    first, second = block.lines[:2]
    one, two = (document.text[line.start : line.end] for line in (first, second))
    swapped = document.text.replace(f"{one} {two}", f"{two} {one}")
    assert swapped != document.text
    assert checked(msgspec.structs.replace(document, text=swapped)) == ["missing"]


def test_the_check_fails_on_another_page(document, passages):
    assert checked(document, printed_pdf([column(["Nothing of this kind stands here at all."])])) == ["missing"]


def test_a_scan_holds_no_text_to_compare_with(document):
    assert checked(document, printed_pdf([[]])) == ["missing"]


def test_an_attribute_must_stand_on_its_own_page(document, passages):
    for page, match in ((1, "exact"), (2, "missing")):
        given = coding(passages, attribute("the clinic in Denmark", page))
        assert check_quotes(DATA, document, passages, given).matches["attribute country Denmark"] == match


@pytest.mark.parametrize("fault", ["the file", "the page", "the letters"])
def test_what_pdfium_cannot_read_is_compared_with_what_pdfminer_reads(document, monkeypatch, fault):
    def broken(data, pages):
        if fault == "the file":
            raise ItemError("pdf-damaged", "Damaged.", "")
        return {} if fault == "the page" else {1: "\ufffd\ufffd 3\ufffd"[:2]}

    monkeypatch.setattr(pdfium, "page_texts", broken)
    assert checked(document) == ["squashed"]  # it does not know where lines end
    assert checked(document, b"%PDF-1.7 nothing else") == ["missing"]


def test_only_pages_with_quotes_are_read(document, passages, monkeypatch):
    asked = []
    monkeypatch.setattr(pdfium, "page_texts", lambda data, pages: asked.append(pages) or {})
    monkeypatch.setattr(check, "_characters", lambda data, pages: {})
    check_quotes(DATA, document, passages[:1], coding(passages))
    check_quotes(DATA, document, (), coding([]))
    assert asked == [frozenset({1})]


def test_the_page_of_an_attribute_is_that_of_its_sentence(document, passages):
    """A passage may begin on the page before."""
    last = passages[-1]
    at = document.text.index("clinic in Denmark")

    def moved(line):
        return line if line.end <= at else Line(page=2, box=line.box, start=line.start, end=line.end)

    blocks = tuple(msgspec.structs.replace(block, lines=tuple(map(moved, block.lines))) for block in document.blocks)
    split = msgspec.structs.replace(document, blocks=blocks)
    country = [item for item in AttributeFinder(BOOK).find("", split, [last]) if item.name == "country"]
    assert [(item.value, item.page) for item in country] == [("Denmark", 1)]
    short = msgspec.structs.replace(last, start=at - 4, text=document.text[at - 4 : last.end])
    country = [item for item in AttributeFinder(BOOK).find("", split, [short]) if item.name == "country"]
    assert [(item.value, item.page) for item in country] == [("Denmark", 2)]


def evidence(*matches, attributes=()):
    """A paper with one passage for each match, and two codes on each."""
    paper = coded_paper(
        "one", {f"passage {n}": [("co_design", "", 0.9), ("group", "", 0.8)] for n, _ in enumerate(matches)}
    )
    found = {passage.id: match for passage, match in zip(paper.passages, matches, strict=True) if match}
    given = msgspec.structs.replace(
        paper,
        checks=QuoteChecks(paper_id=paper.paper.id, matches=found | {a.key: a.match for a in attributes}),
        coding=msgspec.structs.replace(
            paper.coding, attributes=tuple(msgspec.structs.replace(a, match=None) for a in attributes)
        ),
    )
    return aggregate_evidence([given], BOOK)


def test_each_quote_that_differs_or_is_missing_is_one_issue_without_its_text():
    built = evidence("exact", "fuzzy", "missing", "squashed")
    ids = {coding.quote: coding.id for coding in reversed(built.codings)}
    assert [(issue.code, issue.paper, issue.stage) for issue in built.issues] == [
        ("quote-differs", "one.pdf", "check"),
        ("quote-not-found", "one.pdf", "check"),
    ]
    assert f"on page 102 (coding {ids['passage 1']})" in built.issues[0].message
    assert f"on page 103 (coding {ids['passage 2']})" in built.issues[1].message
    assert "passage" not in "".join(issue.message + issue.hint for issue in built.issues)


def test_a_paper_of_whose_quotes_none_is_found_is_one_issue():
    [issue] = evidence("missing", "missing", "missing").issues
    assert issue.code == "quote-not-found"
    assert issue.message.startswith("None of its 3 quotes")


def test_quotes_behind_attributes_are_named_too():
    wrong = msgspec.structs.replace(attribute("A sentence.", 4), match="missing")
    built = evidence("exact", attributes=[wrong])
    assert built.studies[0].attributes == (wrong,)
    assert [issue.message for issue in built.issues] == [
        "The quote behind country (Denmark) on PDF page 4 was not found in the PDF's own text of that page."
    ]


def test_what_was_not_checked_is_no_issue():
    assert evidence(None, None).issues == ()
    assert aggregate_evidence([coded_paper("one", {"text": [("group", "", 0.9)]})], BOOK).codings[0].match is None


def outputs(*matches):
    """Give all files by name, of a paper with one passage for each match."""
    review = dataclasses.replace(small_review(), evidence=evidence(*matches))
    return dict(export_review(review, ["xlsx", "csv", "html"]))


def sheet(files, name):
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(files["evidence.xlsx"]))[name]]


def test_tables_say_how_each_quote_was_found_and_the_read_me_counts_them():
    files = outputs("exact", "exact", "squashed", "fuzzy", "missing", None)
    header, *rows = sheet(files, "Evidence")
    column = header.index("Quote check")
    assert [row[column] for row in rows[::2]] == ["exact", "exact", "squashed", "fuzzy", "missing", "not checked"]
    assert '"quote_check"' in files["evidence-list.csv"].decode("utf-8-sig").splitlines()[0]
    [said] = [row[1] for row in sheet(files, "Read me") if row[0] == "Quotes checked"]
    assert said.startswith(
        "2 of 6 quotes found word for word in the PDF's own text of their pages, 1 by letters and digits, "
        "1 with differences, 1 not found, 1 not checked."
    )
    assert any("squashed" in str(cell) for row in sheet(files, "Data dictionary") for cell in row)


def test_the_report_marks_only_quotes_in_doubt():
    doubt = "not found on the page"
    assert doubt not in outputs("exact", "squashed", None)["report.html"].decode()
    assert doubt in outputs("missing", "exact")["report.html"].decode()
