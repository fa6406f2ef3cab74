"""The Word file, read back with python-docx."""

import io
import re
import zipfile

import docx
import msgspec
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from evitable.codebook import default_codebook, read_codebook
from evitable.export.clean import clean_text
from evitable.export.review import Review
from evitable.export.word import word_tables
from evitable.records import Coding
from support.evidence import coded_paper
from support.nasty import NASTY
from support.review import big_review, review_of, small_review

PLAIN = read_codebook(
    """
name = "plain"
title = "One dimension"
[[dimension]]
name = "theme"
title = "Theme"
[[code]]
name = "one"
dimension = "theme"
title = "A theme | of its own"
definition = "x"
[[code]]
name = "two"
dimension = "theme"
title = "A theme | of its own"
definition = "y"
""",
    "plain.toml",
)


def file_of(review: Review) -> bytes:
    ((name, data),) = word_tables(review)
    assert name == "evidence.docx"
    return data


def read(review: Review):
    return docx.Document(io.BytesIO(file_of(review)))


def rows(table):
    """Give the texts of a table's cells, row by row."""
    return [
        ["\n".join("".join(_text(p)) for p in cell.iter(qn("w:p"))) for cell in row.iter(qn("w:tc"))]
        for row in table._tbl.iter(qn("w:tr"))
    ]


def _text(paragraph):
    kinds = {qn("w:br"): "\n", qn("w:tab"): "\t"}
    return [e.text if e.tag == qn("w:t") else kinds[e.tag] for e in paragraph.iter(qn("w:t"), *kinds)]


def table(document, start):
    """Give the rows of the table whose caption starts so."""
    captions = ["".join(_text(p._p)) for p in document.paragraphs if p.style.name == "Caption"]
    return rows(document.tables[next(n for n, text in enumerate(captions) if text.startswith(start))])


def with_codings(review: Review, change) -> Review:
    """Give the review with other codings."""
    codings = tuple(change(coding) for coding in review.evidence.codings)
    evidence = msgspec.structs.replace(review.evidence, codings=codings)
    return Review(evidence, review.codebook, review.run, review.title, review.model, review.sources)


@pytest.fixture(scope="module")
def small():
    return read(small_review())


def test_it_is_landscape_a4_and_its_tables_fill_the_width(small):
    section = small.sections[0]
    assert section.orientation == WD_ORIENT.LANDSCAPE
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (297, 210)
    room = section.page_width.twips - section.left_margin.twips - section.right_margin.twips
    for one in small.tables:
        widths = [int(column.get(qn("w:w"))) for column in one._tbl.iter(qn("w:gridCol"))]
        assert room - 30 <= sum(widths) <= room
        for row in one._tbl.iter(qn("w:tr")):
            assert [int(cell.get(qn("w:w"))) for cell in row.iter(qn("w:tcW"))] == widths


def test_it_has_a_title_headings_and_numbered_captions(small):
    styles = [(p.style.name, p.text) for p in small.paragraphs]
    assert styles[0] == ("Title", "A small review: evidence tables")
    assert [text for style, text in styles if style == "Heading 1"] == [
        "Characteristics of the included studies",
        "Evidence by study",
        "Synthesis",
        "The studies in numbers",
        "Included studies",
    ]
    captions = [p for p in small.paragraphs if p.style.name == "Caption"]
    assert len(captions) == len(small.tables) == 5
    for number, caption in enumerate(captions, start=1):
        (field,) = caption._p.iter(qn("w:fldSimple"))
        assert field.get(qn("w:instr")).split() == ["SEQ", "Table", "\\*", "ARABIC"]
        assert "".join(_text(caption._p)).startswith(f"Table {number}. ")


def test_header_rows_repeat_and_no_row_breaks_over_pages(small):
    for one in small.tables:
        first, *others = one._tbl.iter(qn("w:tr"))
        assert first.find(f".//{qn('w:tblHeader')}") is not None
        assert all(row.find(f".//{qn('w:tblHeader')}") is None for row in others)
        assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in (first, *others))


def test_pages_are_numbered_in_the_footer(small):
    footer = small.sections[0].footer.paragraphs[0]
    assert [field.get(qn("w:instr")).strip() for field in footer._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_type_is_small_and_black(small):
    sizes = {name: small.styles[name].font.size.pt for name in ("Table Text", "Table Heading", "Normal")}
    assert sizes == {"Table Text": 8, "Table Heading": 8, "Normal": 9}
    for name in ("Title", "Heading 1", "Caption", "Table Text"):
        assert str(small.styles[name].font.color.rgb) == "000000"
        assert not list(small.styles[name].element.iter(qn("w:pBdr")))


def test_the_first_paragraph_says_what_the_tables_are_how_they_count_and_that_nobody_has_checked_them(small):
    about = small.paragraphs[1].text
    assert "what 4 studies (4 papers) report" in about
    assert "version 1." in about
    assert "run ntestrun" in about
    assert "by this rule: any passage." in about
    counted = sum(coding.counted for coding in small_review().evidence.codings)
    assert f"No person has verified any of the {counted} codings" in about


def test_the_first_paragraph_says_how_many_codings_people_have_verified():
    def accept(coding: Coding) -> Coding:
        return msgspec.structs.replace(coding, status="accepted", coder="A") if coding.code == "group" else coding

    review = with_codings(small_review(), accept)
    counted = sum(coding.counted for coding in review.evidence.codings)
    assert f"People have verified 2 of the {counted} codings" in read(review).paragraphs[1].text


def test_one_coding_is_named_in_the_singular():
    review = review_of([coded_paper("a", {"They drew it together here.": [("co_design", "", 0.9)]}, author="A, B.")])
    about = read(review).paragraphs[1].text
    assert "1 study (1 paper)" in about
    assert "any of the 1 coding behind" in about


def test_the_study_table_has_a_row_for_each_study_with_attributes_and_codes(small):
    header, *body = table(small, "Table 1")
    study = dict(zip(header, body[0], strict=True))
    assert [row[0] for row in body] == ["Moeller 2018", "Nilsson 2015", "Okoro 2021", "Tamura 2021"]
    assert study["Year"] == "2018"
    assert study["Title and journal"] == "Title of moeller."
    assert (study["Countries"], study["Research design"]) == ("Denmark", "not found")
    assert (study["Phase"], study["Level"]) == ("Co-design", "Group")
    assert dict(zip(header, body[1], strict=True))["Phase"] == "–"


def test_the_evidence_of_each_study_stands_by_family_with_polarity_and_page(small):
    header, *body = table(small, "Table 2")
    assert header == ["Study", "Factor: Organizational factors", "Factor: Procedural factors"]
    assert dict(zip(header, body[0], strict=True)) == {
        "Study": "Moeller 2018",
        "Factor: Organizational factors": "–",
        "Factor: Procedural factors": "Process design (+1 −1), p. 101",
    }
    assert body[3][1] == "Professional roles (+1), p. 102\nManagerial tools (±1), p. 103"


def test_the_synthesis_counts_studies_by_code_and_family(small):
    header, *body = table(small, "Table 3")
    lines = {row[0]: dict(zip(header, row, strict=True)) for row in body}
    assert list(lines)[:2] == ["PHASE", "Co-commissioning"]
    group = lines["Group"]
    assert (group["Studies"], group["%"], group["Facilitates"], group["Countries"]) == (
        "2",
        "67",
        "–",
        "Denmark (1); Japan (1)",
    )
    family = lines["Organizational factors, all"]
    assert (family["Studies"], family["Mixed"], family["Facilitates"]) == ("1", "1", "0")
    assert lines["Participant recruitment"]["Studies"] == "0"


def test_quotes_stand_with_way_basis_study_and_page(small):
    header, *body = table(small, "Table 4")
    assert header == ["Code", "Way and basis", "Quote", "Study and page"]
    assert [
        "Professional roles",
        "facilitates; recommendation",
        "Teachers should be trained to work with parents.",
        "Tamura 2021, p. 102\nnot checked",
    ] in body
    quoted = "\n".join(row[2] for row in body)
    assert "Others have reported" not in quoted  # a mention
    assert "It is not clear" not in quoted  # unsure


@pytest.mark.parametrize(
    ("match", "mark"), [("exact", ""), ("fuzzy", "differs from the page"), ("missing", "not found on the page")]
)
def test_quotes_that_were_not_found_again_are_marked(match, mark):
    review = with_codings(small_review(), lambda coding: msgspec.structs.replace(coding, match=match))
    places = [row[3].split("\n")[1:] for row in table(read(review), "Table 4")[1:]]
    assert places
    assert all(place == ([mark] if mark else []) for place in places)


def test_the_references_of_the_studies_close_the_file(small):
    references = [p.text for p in small.paragraphs if p.style.name == "Reference"]
    assert references[0] == "Moeller 2018. Moeller, A. (2018). Title of moeller."
    assert len(references) == 4


def test_descriptives_name_years_and_attributes(small):
    header, *body = table(small, "Table 5")
    assert header == ["Characteristic", "Value", "Studies", "%"]
    assert body[0] == ["Year", "2015", "1", "25"]
    assert ["Countries", "Denmark", "1", "25"] in body


def test_of_many_values_the_most_frequent_are_listed_and_the_rest_counted():
    body = table(read(big_review(40, 40)), "Table 5")[1:]
    assert sum(bool(re.fullmatch("(19|20)..", row[1])) for row in body) == 25
    assert ["", "and 11 further values; all are in the workbook", "", ""] in body


def test_a_codebook_without_polarity_families_and_attributes_has_its_codes_by_study():
    said = {"This text has the theme in it.": [("one", "", 0.9), ("two", "", 0.8)]}
    paper = coded_paper("a", said, author="A, B.", dimensions={"one": "theme", "two": "theme"})
    document = read(review_of([paper], PLAIN))
    assert table(document, "Table 1")[0] == ["Study", "Year", "Title and journal"]
    header, row = table(document, "Table 2")
    assert header == ["Study", "Theme"]
    assert row[1].split("\n") == [
        "Theme: A theme | of its own (one) (1), p. 101",
        "Theme: A theme | of its own (two) (1), p. 101",
    ]
    assert table(document, "Table 3")[0] == ["Code", "Studies", "%"]


def many_codes(number):
    parts = [
        f'[[code]]\nname = "c{n}"\ndimension = "theme"\nfamily = "F{n}"\ntitle = "C{n}"\ndefinition = "x"\n'
        for n in range(number)
    ]
    text = 'name = "many"\ntitle = "Many"\n[[dimension]]\nname = "theme"\ntitle = "Theme"\n' + "".join(parts)
    return read_codebook(text, "many.toml")


def test_of_many_families_a_column_stands_for_each_dimension():
    document = read(review_of([], many_codes(60)))
    assert table(document, "Table 2")[0] == ["Study", "Theme"]
    assert len(table(document, "Table 3")) == 1 + 1 + 2 * 60


def test_a_title_may_be_longer_than_the_property_of_the_file():
    document = read(review_of([], title="x" * 300))
    assert document.paragraphs[0].text == "x" * 300 + ": evidence tables"
    assert document.core_properties.title == "x" * 255


def test_no_studies_give_tables_without_rows():
    document = read(review_of([]))
    assert "what 0 studies (0 papers) report" in document.paragraphs[1].text
    assert "No coding counts in them." in document.paragraphs[1].text
    assert [len(rows(one)) for one in document.tables[:2]] == [1, 1]
    assert {row[1] for row in table(document, "Table 3")[1:]} == {"", "0"}


def test_a_study_of_two_reports_counts_as_one_and_its_papers_as_two():
    review = small_review()
    first, *others = review.evidence.studies
    joined = msgspec.structs.replace(first, files=(*first.files, "second.pdf"))
    evidence = msgspec.structs.replace(review.evidence, studies=(joined, *others))
    both = Review(evidence, review.codebook, review.run, review.title, review.model, review.sources)
    assert "4 studies (5 papers)" in read(both).paragraphs[1].text


def test_nasty_texts_come_back_as_they_were():
    book = many_codes(len(NASTY))
    papers = []
    for number, text in enumerate(NASTY.values()):
        paper = coded_paper(
            f"p{number:02}",
            {text: [(f"c{number}", "", 0.9)]},
            author=f"A{number:02}, B.",
            dimensions=dict.fromkeys([f"c{number}"], "theme"),
        )
        reference = msgspec.structs.replace(paper.paper.reference, title=f"T {text} T", journal=text)
        papers.append(msgspec.structs.replace(paper, paper=msgspec.structs.replace(paper.paper, reference=reference)))
    document = read(review_of(papers, book, title=NASTY["control characters"]))
    assert [row[2] for row in table(document, "Table 1")[1:]] == [
        f"T {clean_text(text)} T. {clean_text(text)}" for text in NASTY.values()
    ]
    assert [row[2] for row in table(document, "Table 4")[1:]] == [
        re.sub(r"\n\s*\n", "\n", clean_text(text)) for text in NASTY.values()
    ]
    assert document.core_properties.title == clean_text(NASTY["control characters"])


def test_equal_reviews_give_equal_bytes_without_the_hour():
    data = file_of(small_review())
    assert data == file_of(small_review())
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        assert {info.date_time for info in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01" in parts.read("docProps/core.xml")
        assert parts.testzip() is None


def test_its_parts_say_what_schema_order_asks_of_tables():
    """Word refuses tables whose properties stand in another order."""
    order = ["tblW", "tblBorders", "tblLayout", "tblCellMar"]
    for one in read(small_review()).tables:
        assert [child.tag.rpartition("}")[2] for child in one._tbl.tblPr] == order
        for cell in one._tbl.iter(qn("w:tcPr")):
            names = [child.tag.rpartition("}")[2] for child in cell]
            assert names in (["tcW"], ["tcW", "tcBorders", "vAlign"])
        assert all(len(list(cell.iterchildren(qn("w:p")))) for cell in one._tbl.iter(qn("w:tc")))


def test_the_default_codebook_is_what_these_tests_think():
    assert [dimension.title for dimension in default_codebook().dimension] == ["Phase", "Level", "Factor"]
